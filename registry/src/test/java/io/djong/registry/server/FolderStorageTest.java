package io.djong.registry.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/// The contract, on a folder.
class FolderStorageTest implements RegistryStorageContract {
  @TempDir Path folder;

  @Override
  public RegistryStorage storage() throws IOException {
    return FolderStorage.open(folder, Duration.ofDays(1));
  }
}
