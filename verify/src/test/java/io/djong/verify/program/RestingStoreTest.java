package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The store, proven while no daemon has it.
class RestingStoreTest {
  @ParameterizedTest
  @ValueSource(strings = {"erofs", "overlay"})
  void aFlippedByteIsFoundWithoutADaemonAndWhatItNeedsIsSaid(String driver) throws Exception {
    try (LiveDaemon daemon = LiveDaemon.withBusybox("--storage-driver", driver)) {
      String root = daemon.dataRoot().toString();
      Program.Result refused = daemon.djong("system", "fsck", "--data-root", root);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("in use by another djong daemon (pid " + daemon.pid());

      daemon.terminate();
      assertThat(daemon.djong("system", "fsck", "--data-root", root).ok().out())
          .contains("checked 1 images, 1 layers", "all is well");
      assertThat(mounts()).doesNotContain("djong-fsck-");
      flip(content(daemon.dataRoot()));
      Program.Result damaged = daemon.djong("system", "fsck", "--data-root", root);
      assertThat(damaged.code()).isEqualTo(1);
      assertThat(damaged.out()).contains("damaged  layer", "there is damage");

      Program.Result mended = daemon.djong("system", "fsck", "--repair", "--data-root", root);
      // Folders have the packed layer beside them; the tar was all that there was of it.
      assertThat(mended.code()).as(mended.toString()).isEqualTo(driver.equals("erofs") ? 1 : 0);
      daemon.launch();
      assertThat(daemon.djong("system", "fsck").code()).isEqualTo(driver.equals("erofs") ? 1 : 0);
    }
  }

  @Test
  void aFolderThatIsNoDataRootIsRefused() throws Exception {
    Program.Result refused = Program.djong(Map.of(), "system", "fsck", "--data-root", "/nowhere");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("no data root of djong");
    assertThat(Path.of("/nowhere")).doesNotExist();
  }

  @Test
  void noDaemonIsStartedForACommandThatNeedsNone() throws Exception {
    for (List<String> words :
        List.of(
            List.of("system", "fsck", "--data-root", "/nowhere"),
            List.of("ps", "--help"),
            List.of("ps", "--nonsense"),
            List.of("inspect"))) {
      Program.Result result = Program.djong(Map.of(), words.toArray(String[]::new));
      assertThat(result.out() + result.err())
          .isNotEmpty()
          .doesNotContain("starting the djong daemon");
    }
  }

  private static String mounts() throws Exception {
    return Files.readString(Path.of("/proc/self/mountinfo"));
  }

  /// The largest file of the layers: a tar, or busybox.
  private static Path content(Path data) throws Exception {
    Path found = null;
    for (String layers : List.of("erofs/layers", "layers/layers")) {
      if (!Files.isDirectory(data.resolve(layers))) {
        continue;
      }
      try (Stream<Path> all = Files.walk(data.resolve(layers))) {
        for (Path file : all.filter(it -> Files.isRegularFile(it)).toList()) {
          if (found == null || Files.size(file) > Files.size(found)) {
            found = file;
          }
        }
      }
    }
    return java.util.Objects.requireNonNull(found);
  }

  private static void flip(Path path) throws Exception {
    var time = Files.getLastModifiedTime(path);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int old = file.read();
      file.seek(file.length() / 2);
      file.write(old ^ 1);
    }
    Files.setLastModifiedTime(path, time);
  }
}
