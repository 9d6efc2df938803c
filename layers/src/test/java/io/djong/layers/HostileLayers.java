package io.djong.layers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.tar.TarEntry;
import io.djong.layers.overlay.OverlaySnapshotter;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers that want out. The canary lies where they would come to if a path were taken by its word.
public abstract class HostileLayers {
  @TempDir protected Path folder;
  private Path canary;
  private FileTime canaryTime;
  private OverlaySnapshotter snapshots;

  @BeforeEach
  void setUp() throws IOException {
    canary = Files.createDirectories(folder.resolve("outside")).resolve("canary");
    Files.writeString(canary, "alive");
    canaryTime = Files.getLastModifiedTime(canary);
    snapshots = open(folder.resolve("store"));
  }

  /// The one of this test.
  protected abstract OverlaySnapshotter open(Path store) throws IOException;

  @AfterEach
  void theCanaryIsAlive() throws IOException {
    snapshots.close();
    assertThat(canary).hasContent("alive");
    assertThat(Files.getLastModifiedTime(canary)).isEqualTo(canaryTime);
    assertThat(Files.getAttribute(canary, "unix:nlink")).isEqualTo(1);
    try (var outside = Files.list(folder.resolve("outside"))) {
      assertThat(outside).containsExactly(canary);
    }
  }

  private void refused(Tars tar, String name) {
    byte[] bytes = tar.bytes();
    assertThatThrownBy(() -> Tars.add(snapshots, null, bytes))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining(name);
    ChainId chain = ChainId.of(List.of(Digest.of(bytes)));
    assertThat(snapshots.contains(chain)).isFalse();
    assertThat(folder.resolve("store/new")).isEmptyDirectory();
  }

  private String out() {
    return folder.resolve("outside").toString();
  }

  @Test
  void pathsThatClimbAreRefused() {
    refused(new Tars().file("../x", "x"), "../x");
    refused(new Tars().file("a/../../x", "x"), "a/../../x");
    refused(new Tars().folder(".."), "..");
    refused(new Tars().symlink("../x", "y"), "../x");
    refused(new Tars().file("a/../../.wh.x", ""), ".wh.x");
  }

  @Test
  void hardLinksOutAreRefused() {
    refused(new Tars().hardLink("x", "../../../../../../../../etc/passwd"), "\"x\"");
    refused(new Tars().hardLink("x", canary.toString()), "\"x\"");
    refused(new Tars().symlink("l", out()).hardLink("x", "l/canary"), "\"x\"");
    refused(new Tars().folder("d").hardLink("x", "d"), "\"x\"");
  }

  @Test
  void filesThroughLinksStayInside() throws IOException {
    byte[] tar =
        new Tars()
            .folder(out())
            .symlink("abs", out())
            .symlink("up", "../../../../../.." + out())
            .symlink("chain", "up")
            .file("abs/canary", "inside")
            .file("chain/other", "inside")
            .bytes();
    ChainId chain = Tars.add(snapshots, null, tar).chain();

    try (MountedTree tree =
        new MountedTree(folder.resolve("m"), snapshots.view("v", chain).mounts())) {
      assertThat(tree.path(canary.toString().substring(1))).hasContent("inside");
      assertThat(tree.path(out().substring(1) + "/other")).hasContent("inside");
    }
  }

  @Test
  void aLinkThatReplacesAFolderMidwayLeadsNowhereElse() {
    refused(
        new Tars().folder("d").file("d/a", "a").symlink("d", out()).file("d/canary", "dead"),
        "d/canary");
    refused(new Tars().symlink("p", "/proc/self/root").file("p/x", "x"), "p/x");
  }

  @Test
  void whiteoutsThatNameNoFileAreRefused() {
    refused(new Tars().file("d/.wh.", ""), ".wh.");
    refused(new Tars().file("d/.wh..", ""), ".wh..");
    refused(new Tars().file("d/.wh...", ""), ".wh...");
  }

  @Test
  void attributesThatSteerTheMachineAreNotTaken() throws IOException {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    byte[] capability = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    for (String name :
        List.of(
            "trusted.overlay.opaque",
            "trusted.overlay.redirect",
            "trusted.x",
            "user.overlay.opaque",
            "security.selinux")) {
      xattrs.put(name, "y".getBytes(UTF_8));
    }
    xattrs.put("user.kept", new byte[] {0, -1, '\n', '='});
    xattrs.put("security.capability", capability);
    TarEntry file = TarEntry.file("f", 04755, 0, Tars.TIME).withOwner(7, 8).withXattrs(xattrs);
    TarEntry opaque = TarEntry.folder("d", 0755, Tars.TIME).withXattrs(xattrs);
    ChainId chain =
        Tars.add(snapshots, null, new Tars().put(file, "").put(opaque, "").bytes()).chain();

    try (MountedTree tree =
            new MountedTree(folder.resolve("m"), snapshots.view("v", chain).mounts());
        Root root = Root.open(tree.path(""))) {
      for (String path : List.of("f", "d")) {
        assertThat(root.xattrs(RawPath.of(path)).stream().map(name -> new String(name, UTF_8)))
            .containsExactlyInAnyOrder("user.kept", "security.capability");
      }
      assertThat(root.xattr(RawPath.of("f"), "security.capability".getBytes(UTF_8)))
          .isEqualTo(capability);
      assertThat(root.xattr(RawPath.of("f"), "user.kept".getBytes(UTF_8)))
          .isEqualTo(new byte[] {0, -1, '\n', '='});
      assertThat(root.lstat(RawPath.of("f")).permissions()).isEqualTo(04755);
      assertThat(root.lstat(RawPath.of("f")).uid()).isEqualTo(7);
    }
  }

  @Test
  void aRootThatIsNoFolderIsRefused() {
    refused(new Tars().symlink(".", out()), "root");
  }

  @Test
  void devicesAndMarksOfOverlayfsInATarReachNothingElse() throws IOException {
    ChainId below = Tars.add(snapshots, null, new Tars().file("a", "a").bytes()).chain();
    byte[] tar = new Tars().put(node("a", 0, 0), "").put(node("null", 1, 3), "").bytes();
    ChainId chain = Tars.add(snapshots, below, tar).chain();

    try (MountedTree tree =
            new MountedTree(folder.resolve("m"), snapshots.view("v", chain).mounts());
        Root root = Root.open(tree.path(""))) {
      assertThat(root.find(RawPath.of("a"))).isNull();
      assertThat(root.lstat(RawPath.of("null")).deviceMinor()).isEqualTo(3);
    }
  }

  private static TarEntry node(String name, int major, int minor) {
    return new TarEntry(
        TarEntry.Kind.CHARACTER_DEVICE,
        RawPath.of(name),
        0666,
        0,
        0,
        0,
        Tars.TIME,
        null,
        new byte[0],
        major,
        minor,
        new TreeMap<>());
  }

  @Test
  void foldersMayBeDeep() throws IOException {
    String path = "d/".repeat(100) + "file";
    byte[] tar = new Tars().file(path, "deep").file(path + "2", "deep").bytes();
    ChainId chain = Tars.add(snapshots, null, tar).chain();

    try (MountedTree tree =
            new MountedTree(folder.resolve("m"), snapshots.view("v", chain).mounts());
        Root root = Root.open(tree.path(""));
        var in = root.read(RawPath.of(path))) {
      assertThat(in.readAllBytes()).isEqualTo("deep".getBytes(UTF_8));
    }
    refused(new Tars().file("n".repeat(256), "x"), "nnn");
    refused(new Tars().symlink("long", "x".repeat(4096)), "long");
  }

  @Test
  void linksThatLeadInCirclesLeadNowhere() {
    refused(new Tars().symlink("a", "b").symlink("b", "a").file("a/x", "x"), "a/x");
    refused(new Tars().symlink("a", "a").file("a/b/x", "x"), "a/b/x");
    refused(new Tars().file("f", "f").file("f/x", "x"), "f/x");
  }

  @Test
  void aFileCapabilityThatIsNoneIsRefused() {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("security.capability", new byte[] {1, 2, 3});
    refused(new Tars().put(TarEntry.file("f", 0755, 0, Tars.TIME).withXattrs(xattrs), ""), "f");
  }
}
