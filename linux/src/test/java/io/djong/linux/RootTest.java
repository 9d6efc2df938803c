package io.djong.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTest {
  @TempDir Path outside;

  private Root root() throws IOException {
    return Root.open(Files.createDirectories(outside.resolve("root")));
  }

  @Test
  void whatWasWrittenIsReadAgain() throws IOException {
    try (Root root = root()) {
      root.mkdirs(RawPath.of("a/b"), 0755);
      try (FileOutput file = root.create(RawPath.of("/a/./b//c"), 0600)) {
        file.write("cargo".getBytes(UTF_8));
        file.skip(100_000);
        file.write("ballast".getBytes(UTF_8));
        file.sync();
      }
      root.sync(RawPath.of("a/b"));
      root.sync(RawPath.of("a/b/c"));

      try (FileInput file = root.read(RawPath.of("a/b/c"))) {
        byte[] bytes = file.readAllBytes();
        assertThat(bytes).hasSize(100_012).startsWith("cargo".getBytes(UTF_8));
        assertThat(bytes).endsWith("ballast".getBytes(UTF_8));
      }
      assertThat(root.lstat(RawPath.of("a/b/c")).blocks() * 512).isLessThan(100_000);
    }
  }

  @Test
  void noPathLeadsOut() throws IOException {
    Files.writeString(outside.resolve("canary"), "alive");
    try (Root root = root()) {
      root.symlink("../..".getBytes(UTF_8), RawPath.of("up"));
      root.symlink(outside.toString().getBytes(UTF_8), RawPath.of("absolute"));
      root.symlink("/proc/self/root".getBytes(UTF_8), RawPath.of("magic"));

      for (String path :
          new String[] {"up/canary", "../canary", "absolute/canary", "up/../../canary"}) {
        assertThatThrownBy(() -> root.read(RawPath.of(path))).isInstanceOf(KernelException.class);
        assertThat(root.find(RawPath.of(path))).isNull();
      }
      assertThatThrownBy(() -> root.unlink(RawPath.of(".."))).isInstanceOf(KernelException.class);
      assertThatThrownBy(() -> root.rename(RawPath.of("up"), RawPath.of("up/..")))
          .isInstanceOf(KernelException.class);
      root.create(RawPath.of("up/new"), 0644).close();

      assertThat(outside.resolve("new")).doesNotExist();
      assertThat(outside.resolve("root/new")).exists();
      assertThat(outside.resolve("canary")).hasContent("alive");
    }
  }

  @Test
  void attributesOfALinkAreItsOwn() throws IOException {
    Instant time = Instant.ofEpochSecond(1_234_567_890, 123_456_789);
    try (Root root = root()) {
      RawPath file = RawPath.of("file");
      RawPath link = RawPath.of("link");
      root.create(file, 0640).close();
      root.symlink("file".getBytes(UTF_8), link);
      root.chown(link, 12, 34);
      root.setTimes(link, time, time);
      root.setXattr(link, "trusted.cargo".getBytes(UTF_8), new byte[] {0, 1, -1});

      FileStatus status = root.lstat(link);
      assertThat(status.uid()).isEqualTo(12);
      assertThat(status.gid()).isEqualTo(34);
      assertThat(status.modified()).isEqualTo(time);
      assertThat(root.readlink(link)).isEqualTo("file".getBytes(UTF_8));
      assertThat(root.xattr(link, "trusted.cargo".getBytes(UTF_8))).containsExactly(0, 1, -1);
      assertThat(root.xattrs(file)).isEmpty();
      assertThat(root.stat(link).uid()).isEqualTo(0);
      assertThat(root.stat(link)).isEqualTo(root.lstat(file));
      root.removeXattr(link, "trusted.cargo".getBytes(UTF_8));
      assertThat(root.xattrs(link)).isEmpty();
    }
  }

  @Test
  void devicesFifosAndSetuidComeThrough() throws IOException {
    try (Root root = root()) {
      root.mknod(RawPath.of("whiteout"), FileKind.CHARACTER_DEVICE, 0, 0, 0);
      root.mknod(RawPath.of("disk"), FileKind.BLOCK_DEVICE, 0660, 259, 70_000);
      root.mkfifo(RawPath.of("fifo"), 0600);
      root.create(RawPath.of("su"), 0755).close();
      root.chmod(RawPath.of("su"), 04755);

      assertThat(root.lstat(RawPath.of("whiteout")).kind()).isEqualTo(FileKind.CHARACTER_DEVICE);
      assertThat(root.lstat(RawPath.of("disk")).deviceMajor()).isEqualTo(259);
      assertThat(root.lstat(RawPath.of("disk")).deviceMinor()).isEqualTo(70_000);
      assertThat(root.lstat(RawPath.of("su")).permissions()).isEqualTo(04755);
      assertThatThrownBy(() -> root.read(RawPath.of("fifo"))).isInstanceOf(KernelException.class);
    }
  }

  @Test
  void namesNeedNotBeText() throws IOException {
    byte[] name = {(byte) 0xff, 'x', (byte) 0x80, '\n'};
    try (Root root = root()) {
      root.mkdir(RawPath.of(name), 0755);

      assertThat(root.list(RawPath.ROOT)).containsExactly(RawPath.of(name));
      root.removeTree(RawPath.of(name));
      assertThat(root.list(RawPath.ROOT)).isEmpty();
    }
  }

  @Test
  void aTreeGoesWhateverItsDepthAndNothingElse() throws IOException {
    Files.createDirectories(outside.resolve("kept"));
    Files.writeString(outside.resolve("kept/canary"), "alive");
    try (Root root = root()) {
      RawPath deep = RawPath.of("t");
      root.mkdir(deep, 0755);
      for (int level = 0; level < 450; level++) {
        deep = deep.resolve("deep");
        root.mkdir(deep, 0);
      }
      root.symlink(outside.resolve("kept").toString().getBytes(UTF_8), RawPath.of("t/link"));
      root.removeTree(RawPath.of("t"));
      root.removeTree(RawPath.of("t"));
      root.removeTree(RawPath.of("missing/t"));

      assertThat(root.list(RawPath.ROOT)).isEmpty();
      assertThat(outside.resolve("kept/canary")).hasContent("alive");
    }
  }

  @Test
  void aNewNameIsNotTakenFromAnother() throws IOException {
    try (Root root = root()) {
      root.create(RawPath.of("a"), 0600).close();
      root.link(RawPath.of("a"), RawPath.of("b"));

      assertThat(root.lstat(RawPath.of("a")).links()).isEqualTo(2);
      assertThat(root.lstat(RawPath.of("a")).sameFileAs(root.lstat(RawPath.of("b")))).isTrue();
      assertThatThrownBy(() -> root.renameNew(RawPath.of("a"), RawPath.of("b")))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
      assertThatThrownBy(() -> root.create(RawPath.of("b"), 0600)).isInstanceOf(IOException.class);
    }
  }
}
