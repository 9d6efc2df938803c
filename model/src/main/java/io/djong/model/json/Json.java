package io.djong.model.json;

import io.avaje.jsonb.Jsonb;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Reads and writes JSON: records annotated for it, and trees of maps, lists, strings, numbers and
/// booleans. Reading refuses what is nested deeper than 64 levels, and strings longer than 262,144
/// characters (the parser's own bound); unknown properties are passed over. Safe for use by several
/// threads.
public final class Json {
  /// The library gives up on a string that does not fit its first buffer once that has grown to
  /// 50,000 characters, and takes the first buffer's size from here. Labels and variables may be
  /// longer: the kernel passes 128 KiB.
  private static final String FIRST_BUFFER = "jsonb.parserCharBufferSize";

  static {
    if (System.getProperty(FIRST_BUFFER) == null) {
      System.setProperty(FIRST_BUFFER, String.valueOf(256 << 10));
    }
  }

  private static final int MAX_DEPTH = 64;

  private static final Json FULL = new Json(true);
  private static final Json LEAN = new Json(false);

  private final Jsonb jsonb;

  private Json(boolean withAbsent) {
    jsonb =
        Jsonb.builder()
            .serializeNulls(withAbsent)
            .serializeEmpty(withAbsent)
            .add(Digest.class, new DigestAdapter().nullSafe())
            .build();
  }

  /// Writes absent and empty properties too, as the Docker Engine API does.
  public static Json full() {
    return FULL;
  }

  /// Leaves out absent and empty properties, as the documents of the OCI do.
  public static Json lean() {
    return LEAN;
  }

  /// Reads a value.
  ///
  /// @throws Fault.Invalid if the bytes are not JSON, or not of this shape, or nested too deeply
  public <T> T read(Class<T> type, byte[] bytes) {
    JsonDepth.check(bytes, MAX_DEPTH);
    try {
      T value = jsonb.type(type).fromJson(bytes);
      if (value == null) {
        throw new Fault.Invalid("invalid JSON: want an object, found null");
      }
      return value;
    } catch (Fault e) {
      throw e;
    } catch (RuntimeException e) {
      // On damaged input the parser throws whatever its arrays and numbers throw.
      throw new Fault.Invalid("invalid JSON: " + e.getMessage(), e);
    }
  }

  /// Reads an array of values; see [#read(Class, byte[])].
  public <T> List<T> readList(Class<T> type, byte[] bytes) {
    JsonDepth.check(bytes, MAX_DEPTH);
    try {
      List<T> values = jsonb.type(type).list().fromJson(bytes);
      if (values == null) {
        throw new Fault.Invalid("invalid JSON: want an array, found null");
      }
      if (values.stream().anyMatch(Objects::isNull)) {
        throw new Fault.Invalid("invalid JSON: an element of the array is null");
      }
      return values;
    } catch (Fault e) {
      throw e;
    } catch (RuntimeException e) {
      // On damaged input the parser throws whatever its arrays and numbers throw.
      throw new Fault.Invalid("invalid JSON: " + e.getMessage(), e);
    }
  }

  /// Reads a value from text; see [#read(Class, byte[])].
  public <T> T read(Class<T> type, String text) {
    return read(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads any JSON value as a tree: Map, List, String, Number, Boolean.
  ///
  /// @throws Fault.Invalid if the bytes are not JSON or nested too deeply
  public Object readTree(byte[] bytes) {
    return read(Object.class, bytes);
  }

  /// Writes a record or a tree as UTF-8 JSON without line breaks.
  public byte[] write(Object value) {
    return jsonb.toJsonBytes(value);
  }

  /// Writes a record or a tree as text without line breaks.
  public String writeText(Object value) {
    return jsonb.toJson(value);
  }
}
