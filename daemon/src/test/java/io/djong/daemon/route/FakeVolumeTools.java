package io.djong.daemon.route;

import io.djong.engine.VolumeTools;
import io.djong.engine.Volumes.VolumeDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// Tools that do what a test can see.
final class FakeVolumeTools implements VolumeTools {
  @Override
  public void export(String name, OutputStream tar) throws IOException {
    tar.write(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void importTree(String name, InputStream tar) throws IOException {
    tar.transferTo(OutputStream.nullOutputStream());
  }

  @Override
  public VolumeDetails copy(String name, String newName) {
    return details(newName);
  }

  @Override
  public VolumeDetails rename(String name, String newName) {
    return details(newName);
  }

  private static VolumeDetails details(String name) {
    return new VolumeDetails(name, Path.of("/v"), Map.of(), Map.of(), Instant.EPOCH, false);
  }
}
