package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Images and the trees of containers, by the stock docker command line and skopeo.
@ExtendWith(SharedDaemon.class)
class DockerImagesTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  DockerImagesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @Test
  void anImageIsListedInspectedTaggedAndUntagged() throws Exception {
    assertThat(daemon.docker("images", "--format", "{{.Repository}}:{{.Tag}}").ok().lines())
        .contains("busybox:latest");
    String id = daemon.docker("image", "inspect", "-f", "{{.Id}}", "busybox").ok().line();
    assertThat(id).startsWith("sha256:");
    daemon.docker("tag", "busybox", "ship/box:v1").ok();
    assertThat(daemon.docker("image", "inspect", "-f", "{{.Id}}", "ship/box:v1").ok().line())
        .isEqualTo(id);
    assertThat(daemon.docker("rmi", "ship/box:v1").ok().out()).contains("Untagged: ship/box:v1");
    assertThat(daemon.docker("image", "inspect", id.substring(7, 19)).ok().out()).contains(id);
    assertThat(daemon.docker("history", "-q", "--no-trunc", "busybox").ok().lines()).contains(id);
  }

  @Test
  void aChangeIsSeenCommittedRunAndExported() throws Exception {
    daemon
        .docker(
            "run",
            "--name",
            "changed",
            "busybox",
            "sh",
            "-c",
            "echo new > /new; rm /etc/group; mkdir /d; echo x > /d/f")
        .ok();
    List<String> changes = daemon.docker("diff", "changed").ok().lines();
    assertThat(changes).contains("A /new", "D /etc/group", "A /d", "A /d/f", "C /etc");
    String id =
        daemon
            .docker(
                "commit",
                "-a",
                "Ann",
                "-m",
                "a change",
                "-c",
                "CMD [\"cat\", \"/new\"]",
                "changed",
                "changed:1")
            .ok()
            .line();
    assertThat(daemon.docker("run", "--rm", "changed:1").ok().out()).isEqualTo("new\n");
    assertThat(daemon.docker("run", "--rm", id, "ls", "/etc/group").code()).isEqualTo(1);
    assertThat(daemon.docker("history", "changed:1").ok().out()).contains("a change");
    Path tar = folder.resolve("tree.tar");
    daemon.docker("export", "-o", tar.toString(), "changed").ok();
    assertThat(Program.run(List.of("tar", "tf", tar.toString()), Map.of(), null).ok().lines())
        .contains("new", "d/f", "bin/busybox")
        .doesNotContain("etc/group");
    daemon.docker("import", "-c", "CMD [\"cat\",\"/d/f\"]", tar.toString(), "imported:1").ok();
    assertThat(daemon.docker("run", "--rm", "imported:1").ok().out()).isEqualTo("x\n");
    assertThat(daemon.docker("rmi", "changed:1").ok().out()).contains("Deleted: " + id);
    daemon.docker("rmi", "imported:1").ok();
    daemon.docker("rm", "changed").ok();
  }

  @Test
  void whatIsSavedLoadsAgainAndOthersCanReadIt() throws Exception {
    Path tar = folder.resolve("saved.tar");
    String id = daemon.docker("image", "inspect", "-f", "{{.Id}}", "busybox").ok().line();
    daemon.docker("tag", "busybox", "saved:1").ok();
    daemon.docker("save", "-o", tar.toString(), "saved:1").ok();
    daemon.docker("rmi", "saved:1").ok();
    assertThat(daemon.docker("load", "-i", tar.toString()).ok().out())
        .contains("Loaded image: saved:1");
    assertThat(daemon.docker("image", "inspect", "-f", "{{.Id}}", "saved:1").ok().line())
        .isEqualTo(id);
    for (String transport : List.of("docker-archive:", "oci-archive:")) {
      assertThat(
              Program.run(
                      List.of(
                          "skopeo", "inspect", transport + tar, "--format", "{{.Architecture}}"),
                      Map.of(),
                      null)
                  .ok()
                  .line())
          .isEqualTo("amd64");
    }
    daemon.docker("rmi", "saved:1").ok();
  }

  @Test
  void anArchiveMadeBySkopeoLoadsAndRuns() throws Exception {
    Path saved = folder.resolve("saved.tar");
    daemon.docker("save", "-o", saved.toString(), "busybox").ok();
    for (String transport : List.of("docker-archive:", "oci-archive:")) {
      Path converted = folder.resolve("converted-" + transport.charAt(0) + ".tar");
      String target = transport + converted + ":converted:" + transport.charAt(0);
      Program.run(
              List.of("skopeo", "--insecure-policy", "copy", "docker-archive:" + saved, target),
              Map.of(),
              null)
          .ok();
      assertThat(daemon.docker("load", "-i", converted.toString()).ok().out())
          .contains("Loaded image");
    }
    assertThat(daemon.docker("run", "--rm", "converted:d", "echo", "d").ok().line()).isEqualTo("d");
    daemon.docker("rmi", "converted:d").ok();
  }

  @Test
  void filesGoInAndOut() throws Exception {
    daemon.docker("create", "--name", "hold", "busybox", "cat", "/cargo/file").ok();
    Path cargo = Files.createDirectories(folder.resolve("cargo"));
    Files.writeString(cargo.resolve("file"), "tea\n");
    daemon.docker("cp", cargo.toString(), "hold:/").ok();
    assertThat(daemon.docker("start", "-a", "hold").ok().out()).isEqualTo("tea\n");
    daemon.docker("cp", "hold:/cargo/file", folder.resolve("back").toString()).ok();
    assertThat(Files.readString(folder.resolve("back"))).isEqualTo("tea\n");
    daemon.docker("cp", "hold:/etc", folder.resolve("etc").toString()).ok();
    assertThat(folder.resolve("etc/passwd")).exists();
    Program.Result missing = daemon.docker("cp", "hold:/no/such", folder.toString());
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("Could not find the file /no/such in container hold");
    daemon.docker("rm", "hold").ok();
  }

  @Test
  void anImageInUseIsNotRemovedSilently() throws Exception {
    daemon.docker("tag", "busybox", "used:1").ok();
    daemon.docker(
        "commit", daemon.docker("create", "--name", "u0", "busybox").ok().line(), "own:1");
    daemon.docker("create", "--name", "u1", "own:1", "true").ok();
    Program.Result refused = daemon.docker("rmi", "own:1");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("must force");
    daemon.docker("rm", "u0", "u1").ok();
    daemon.docker("rmi", "own:1", "used:1").ok();
  }

  @Test
  void aTruncatedArchiveIsRefusedAndLeavesNothing() throws Exception {
    Path tar = folder.resolve("t.tar");
    daemon.docker("save", "-o", tar.toString(), "busybox").ok();
    byte[] bytes = Files.readAllBytes(tar);
    List<String> before = daemon.docker("images", "-aq", "--no-trunc").ok().lines();
    for (int part = 1; part < 8; part++) {
      Files.write(tar, java.util.Arrays.copyOf(bytes, (int) ((long) bytes.length * part / 8)));
      Program.Result refused = daemon.docker("load", "-i", tar.toString());
      assertThat(refused.code()).as("at %d/8", part).isEqualTo(1);
    }
    assertThat(daemon.docker("images", "-aq", "--no-trunc").ok().lines()).isEqualTo(before);
  }
}
