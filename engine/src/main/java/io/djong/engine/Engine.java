package io.djong.engine;

import java.io.IOException;

/// All nouns of one engine on one data root. Opening it takes over what an earlier one left:
/// containers that run go on, those that ended meanwhile get their exit codes, half-made things are
/// removed.
public interface Engine extends AutoCloseable {
  Containers containers();

  Execs execs();

  Jobs jobs();

  Images images();

  ImageTools imageTools();

  Registries registries();

  Networks networks();

  Volumes volumes();

  VolumeTools volumeTools();

  Events events();

  SystemFacts facts() throws IOException;

  /// Lets go of everything; containers run on. Idempotent.
  @Override
  void close() throws IOException;
}
