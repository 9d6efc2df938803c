package io.djong.engine.volume;

import java.util.List;

/// Tells who uses a volume.
@FunctionalInterface
public interface VolumeUsers {
  /// The ids of the containers that have this volume, ended ones too.
  List<String> of(String volume);
}
