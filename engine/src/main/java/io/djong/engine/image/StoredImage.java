package io.djong.engine.image;

import io.djong.layers.ChainId;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.record.ImageRecord;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One image of this machine, its documents read.
record StoredImage(ImageRecord record, Manifest.Image manifest, ImageConfig config) {
  Digest id() {
    return record.id();
  }

  Descriptor descriptor() {
    return Descriptor.of(record.mediaType(), record.manifest(), record.manifestSize());
  }

  /// Its stacks of layers, from the base upwards.
  List<ChainId> chains() {
    List<ChainId> all = new ArrayList<>();
    for (Digest diffId : config.rootfs().diffIds()) {
      all.add(all.isEmpty() ? ChainId.of(List.of(diffId)) : all.getLast().plus(diffId));
    }
    return all;
  }

  /// From the base upwards.
  List<Layer> layers() {
    List<Digest> diffIds = config.rootfs().diffIds();
    List<Layer> all = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      all.add(new Layer(manifest.layers().get(i), diffIds.get(i)));
    }
    return all;
  }

  /// The whole stack; null if it has no layers.
  @Nullable ChainId top() {
    List<ChainId> all = chains();
    return all.isEmpty() ? null : all.getLast();
  }

  /// When it was made, as it says itself; some say nothing, or nonsense.
  Instant created() {
    String created = config.created();
    return created == null ? Instant.EPOCH : instant(created);
  }

  static Instant instant(String text) {
    try {
      return java.time.OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
