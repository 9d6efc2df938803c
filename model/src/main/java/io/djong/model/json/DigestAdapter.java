package io.djong.model.json;

import io.avaje.json.JsonAdapter;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.djong.model.Digest;

/// A digest is a string in JSON.
final class DigestAdapter implements JsonAdapter<Digest> {
  @Override
  public void toJson(JsonWriter writer, Digest value) {
    writer.value(value.toString());
  }

  @Override
  public Digest fromJson(JsonReader reader) {
    return Digest.parse(reader.readString());
  }
}
