package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Cache mounts that go to other machines with the results of builds. A machine that has never
/// built is this one with its cache pruned and its mounts removed.
@ExtendWith(SharedDaemon.class)
class TravellingMountsTest {
  private static final String FILE =
      """
      FROM busybox
      ARG ROUND
      RUN --mount=type=cache,target=/var/cache/tool,uid=7,mode=0750 \
          cat /var/cache/tool/* 2>/dev/null; stat -c %u:%a /var/cache/tool; \
          echo "kept by $ROUND" >> /var/cache/tool/notes; ln -sf notes /var/cache/tool/link
      """;

  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");
  private Path context = Path.of("");

  TravellingMountsTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @BeforeEach
  void prepare() throws Exception {
    context = Files.createDirectory(folder.resolve("context"));
    forget();
  }

  @AfterEach
  void forget() throws Exception {
    daemon.docker("builder", "prune", "-af").ok();
    Path mounts = daemon.dataRoot().resolve("build/mounts");
    try (Stream<Path> all = Files.list(mounts)) {
      for (Path each : all.toList()) {
        Program.run(List.of("rm", "-rf", each.toString()), Map.of(), null).ok();
      }
    }
  }

  private Program.Result build(String dockerfile, String... options)
      throws IOException, InterruptedException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    List<String> command = new ArrayList<>(List.of("build", "--progress=plain"));
    command.addAll(List.of(options));
    command.add(context.toString());
    return daemon.djong(command.toArray(String[]::new));
  }

  @Test
  void aCacheThroughAFolderBringsTheMountsThatWereAskedFor() throws Exception {
    Path cache = folder.resolve("cache");
    String to = "type=local,dest=" + cache;
    String from = "type=local,src=" + cache;
    build(FILE, "--build-arg", "ROUND=one", "--cache-to", to + ",mounts=true").ok();
    forget();

    assertThat(build(FILE, "--build-arg", "ROUND=two", "--cache-from", from).ok().err())
        .as("nobody asked for mounts")
        .contains("7:750")
        .doesNotContain("kept by one");
    forget();
    Program.Result with =
        build(FILE, "--build-arg", "ROUND=three", "--cache-from", from + ",mounts=true").ok();
    assertThat(with.err()).contains("kept by one", "7:750").doesNotContain("kept by two");

    Program.Result again =
        build(FILE, "--build-arg", "ROUND=four", "--cache-from", from + ",mounts=true").ok();
    assertThat(again.err()).as("what is here stays").contains("kept by three");
  }

  @Test
  void aCacheThroughARegistryBringsMountsAndIsTheSameWhenNothingChanged() throws Exception {
    try (DjongRegistry registry = DjongRegistry.start(folder)) {
      String first = registry.host() + "/mounts:1";
      String second = registry.host() + "/mounts:2";
      String to = "mounts=true,type=registry,ref=";
      build(FILE, "--build-arg", "ROUND=one", "--cache-to", to + first).ok();
      // From the cache whole: nothing writes to the mount.
      build(FILE, "--build-arg", "ROUND=one", "--cache-to", to + second).ok();
      assertThat(manifest(second)).isEqualTo(manifest(first)).contains("sha256:");
      forget();

      assertThat(build(FILE, "--build-arg", "ROUND=two", "--cache-from", to + first).ok().err())
          .contains("kept by one");
    }
  }

  private static String manifest(String image) throws Exception {
    return Program.run(
            List.of("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + image),
            Map.of(),
            null)
        .ok()
        .out();
  }

  @Test
  void anImageThatLiesAboutItsMountsHarmsNothing() throws Exception {
    Canary canary = new Canary(folder.resolve("canary"));
    Path evil = Files.createDirectory(folder.resolve("evil"));
    Program.run(
            List.of(
                "sh",
                "-c",
                "mkdir mount && ln -s "
                    + canary.folder()
                    + " mount/out && mknod mount/disk b 8 0 && mkfifo mount/pipe"
                    + " && echo good > mount/file && ln -s ../../../../../etc/passwd mount/passwd"
                    + " && tar -cf "
                    + context.resolve("evil.tar")
                    + " mount"),
            Map.of(),
            null,
            evil)
        .ok();
    daemon.docker("import", context.resolve("evil.tar").toString(), "evil:1").ok();
    String layer =
        daemon.docker("inspect", "-f", "{{index .RootFS.Layers 0}}", "evil:1").ok().line();
    String records = "H4sIAAAAAAAC/4uOBQApu0wNAgAAAA==";
    String lies =
        "{\"/absent\":\"sha256:%s\",\"/var/cache/tool\":\"%s\",\"../../../x\":\"%s\"}"
            .formatted("0".repeat(64), layer, layer)
            .replace("\"", "\\\"");
    build(
            "FROM evil:1\nLABEL io.djong.build.cache.mounts=\""
                + lies
                + "\" io.djong.build.cache="
                + records
                + "\n",
            "-t",
            "evil:2")
        .ok();
    String file =
        """
        FROM busybox
        RUN --mount=type=cache,target=/absent true
        RUN --mount=type=cache,target=/var/cache/tool cd /var/cache/tool; \
            ls; cat file; echo x > out/inside/secret; echo x > out/new; cat passwd; true
        """;

    Program.Result built =
        build(file, "--cache-from", "mounts=true,type=registry,ref=docker.io/library/evil:2");

    assertThat(built.ok().err())
        .contains("cache mount /absent does not travel: the image has no such layer", "good")
        .contains("pipe")
        .doesNotContain("disk")
        .doesNotContain(Canary.SECRET);
    canary.isUntouched();
    try (Stream<Path> mounts = Files.list(daemon.dataRoot().resolve("build/mounts"))) {
      assertThat(mounts).as("no mount but those of the build").hasSize(2);
    }
    daemon.docker("rmi", "-f", "evil:1", "evil:2").ok();
  }

  @Test
  void aMountDoesNotTravelInAnImageOfItsOwn() throws Exception {
    Program.Result refused = build(FILE, "--cache-to", "type=inline,mounts=true");

    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("mounts=true with the first two");
  }
}
