package io.djong.engine.image;

import io.djong.layers.Snapshot;
import io.djong.model.Digest;
import io.djong.model.container.ContainerConfig;
import java.io.IOException;

/// Where a new image's top layer comes from.
public interface CommitSource {
  /// Holds a container for as long as its changes are read.
  ///
  /// @param pause whether its processes stand still meanwhile
  /// @throws io.djong.model.Fault.NotFound if there is no such container
  Held open(String containerRef, boolean pause) throws IOException;

  /// A container that is held.
  interface Held extends AutoCloseable {
    String id();

    Digest image();

    ContainerConfig config();

    Snapshot.Active changed();

    /// Tells listeners that it was committed.
    void committed(Digest image);

    @Override
    void close() throws IOException;
  }
}
