package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.linux.IdMapping.Range;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedTreeTest {
  private static final long BASE = 812_000_000;
  private static final IdMapping MAPPING =
      new IdMapping(List.of(new Range(0, BASE, 65536)), List.of(new Range(0, BASE + 7, 65536)));

  @TempDir Path folder;
  private final Mounts mounts = new Mounts();
  private UserNamespace namespace;

  @BeforeEach
  void makeNamespace() throws IOException {
    namespace = UserNamespace.create(MAPPING);
    for (String name :
        List.of("lower", "lower2", "active/upper", "active/work", "aside", "merged")) {
      Files.createDirectories(folder.resolve(name));
    }
  }

  @AfterEach
  void unmountAll() throws IOException {
    for (MountPoint point : mounts.below(folder).reversed()) {
      mounts.unmount(Path.of("/" + point.path()), true);
    }
    namespace.close();
  }

  private Path merged() throws IOException {
    Path merged = folder.resolve("merged");
    new MappedTree(mounts, namespace, folder.resolve("aside"))
        .mount(
            new Mount(
                "overlay",
                "overlay",
                merged,
                List.of(
                    "lowerdir=" + folder.resolve("lower") + ":" + folder.resolve("lower2"),
                    "upperdir=" + folder.resolve("active/upper"),
                    "workdir=" + folder.resolve("active/work"),
                    "index=off",
                    "metacopy=off")),
            merged);
    return merged;
  }

  private String asItsRoot(String script) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("nsenter", "--user=" + namespace.pathForOthers(), "sh", "-c"));
    command.add(script);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return said.strip() + " " + process.waitFor();
  }

  private String owner(String path) throws IOException {
    Path file = folder.resolve(path);
    return Files.getAttribute(file, "unix:uid", java.nio.file.LinkOption.NOFOLLOW_LINKS)
        + ":"
        + Files.getAttribute(file, "unix:gid", java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void whatItsRootWritesIsKeptWithTheOwnersOfTheLayers() throws Exception {
    Files.writeString(folder.resolve("lower/file"), "one");
    Files.writeString(folder.resolve("lower2/gone"), "one");
    Path merged = merged();
    // The folders above are those of a test, which nobody else may walk.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    String said =
        asItsRoot(
            "cd %s && stat -c %%u:%%g file && echo two >> file && echo x > new && mkdir d && chown 5:6 d && rm gone && ls"
                .formatted(merged));

    assertThat(said).isEqualTo("0:0\nd\nfile\nnew 0");
    assertThat(owner("merged/file")).isEqualTo(BASE + ":" + (BASE + 7));
    assertThat(owner("active/upper/file")).isEqualTo("0:0");
    assertThat(owner("active/upper/new")).isEqualTo("0:0");
    assertThat(owner("active/upper/d")).isEqualTo("5:6");
    assertThat(folder.resolve("active/upper/file")).hasContent("onetwo\n");
    assertThat(mounts.below(folder)).hasSize(1);
  }

  @Test
  void aRootTellsAndTakesOwnersAsTheyAreKept() throws IOException {
    Files.createDirectories(folder.resolve("lower/old"));
    Files.setAttribute(folder.resolve("lower/old"), "unix:uid", 33);
    try (Root root = Root.open(merged(), MAPPING)) {
      assertThat(root.lstat(RawPath.of("old")).uid()).isEqualTo(33);
      assertThat(root.stat(RawPath.of("old")).gid()).isZero();
      root.mkdirs(RawPath.of("old/a/b"), 0755);
      try (OutputStream file = root.create(RawPath.of("f"), 0644)) {
        file.write('x');
      }
      try (Root old = root.openRoot(RawPath.of("old"))) {
        old.symlink(new byte[] {'f'}, RawPath.of("link"));
        old.chown(RawPath.of("link"), 3, 4);
        old.mkfifo(RawPath.of("fifo"), 0600);
        assertThat(old.lstat(RawPath.of("link")).gid()).isEqualTo(4);
      }
      root.mknod(RawPath.of("null"), FileKind.CHARACTER_DEVICE, 0666, 1, 3);
      root.setTimes(RawPath.of("f"), Instant.EPOCH, Instant.EPOCH);
      root.setXattr(
          RawPath.of("f"), "trusted.djong.x".getBytes(StandardCharsets.US_ASCII), new byte[0]);
      root.rename(RawPath.of("f"), RawPath.of("g"));
      root.removeTree(RawPath.of("old/a"));
    }
    assertThat(owner("active/upper/g")).isEqualTo("0:0");
    assertThat(owner("active/upper/old")).isEqualTo("33:0");
    assertThat(owner("active/upper/old/link")).isEqualTo("3:4");
    assertThat(owner("active/upper/null")).isEqualTo("0:0");
  }

  @Test
  void whatFilesCanIsGoodForTheTreesOwnRootAndKeptAsForAny() throws Exception {
    byte[] name = "security.capability".getBytes(StandardCharsets.US_ASCII);
    byte[] netRaw = new byte[20];
    netRaw[0] = 1; // effective
    netRaw[3] = 2; // version 2
    netRaw[5] = 0x20; // CAP_NET_RAW
    try (Root lower = Root.open(folder.resolve("lower"))) {
      lower.create(RawPath.of("old"), 0755).close();
      lower.setXattr(RawPath.of("old"), name, netRaw);
    }
    try (Root root = Root.open(merged(), MAPPING)) {
      assertThat(root.xattr(RawPath.of("old"), name)).isEqualTo(netRaw);
      try (FileOutput file = root.create(RawPath.of("new"), 0755)) {
        file.setXattr(name, netRaw);
      }
      root.create(RawPath.of("other"), 0755).close();
      root.setXattr(RawPath.of("other"), name, netRaw);
      try (FileInput file = root.read(RawPath.of("new"))) {
        assertThat(file.xattr(name)).isEqualTo(netRaw);
      }
    }
    try (Root upper = Root.open(folder.resolve("active/upper"))) {
      assertThat(upper.xattr(RawPath.of("new"), name)).isEqualTo(netRaw);
      assertThat(upper.xattr(RawPath.of("other"), name)).isEqualTo(netRaw);
    }
  }

  @Test
  void anOwnerWithoutAPlaceIsRefused() throws IOException {
    try (Root root = Root.open(merged(), MAPPING)) {
      root.mkdir(RawPath.of("d"), 0755);
      assertThatThrownBy(() -> root.chown(RawPath.of("d"), 65536, 0))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOVERFLOW));
      assertThat(root.lstat(RawPath.of("d")).uid()).isZero();
    }
  }

  @Test
  void rootOfTheHostMakesNothingThereInItsOwnName() throws IOException {
    try (Root root = Root.open(merged())) {
      assertThatThrownBy(() -> root.mkdir(RawPath.of("d"), 0755))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOVERFLOW));
    }
  }

  @Test
  void itsRootOwnsNothingOutside() throws Exception {
    Path canary = Files.writeString(folder.resolve("canary"), "alive");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(asItsRoot("echo dead > " + canary)).contains("Permission denied");
    assertThat(canary).hasContent("alive");
  }

  @Test
  void itsRootRulesANetworkNamespaceThatBelongsToIt() throws Exception {
    try (NetworkNamespace network = NetworkNamespace.create(namespace, () -> {})) {
      Path file = folder.resolve("net");
      network.bind(file);
      try {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(
                asItsRoot(
                    "nsenter --net=%s sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; ip link set lo up; cat /proc/sys/net/ipv4/ip_forward'"
                        .formatted(file)))
            .isEqualTo("1 0");
      } finally {
        NetworkNamespace.unbind(file);
      }
    }
  }

  @Test
  void oneMappingAfterAnotherIsBoth() {
    IdMapping volume =
        new IdMapping(
            List.of(new Range(1000, 0, 1), new Range(5, 70000, 3)), List.of(new Range(0, 0, 10)));

    assertThat(volume.then(MAPPING))
        .isEqualTo(
            new IdMapping(List.of(new Range(1000, BASE, 1)), List.of(new Range(0, BASE + 7, 10))));
  }
}
