package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Where the files of a build come from, and where its results go.
@ExtendWith(SharedDaemon.class)
class OwnBuildWaysTest {
  /// `ann`, whose password stands below.
  private static final String HTPASSWD =
      "ann:$2b$04$2soxzkrfGyJwZXaGAEyogO2TKVrPgB8d2ZzZKAehZa7ij.mS3fpFq\n";

  private static final String PASSWORD = "ann:canary-in-the-hold";

  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");
  private Path context = Path.of("");
  private HttpServer web;
  private String url = "";

  OwnBuildWaysTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  @BeforeEach
  void serve() throws IOException {
    context = Files.createDirectory(folder.resolve("context"));
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext("/", this::answer);
    web.start();
    url = "http://127.0.0.1:" + web.getAddress().getPort();
  }

  /// Files of the folder; `/moved/…` leads to them.
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/moved/")) {
      exchange.getResponseHeaders().add("Location", path.substring("/moved".length()));
      exchange.sendResponseHeaders(302, -1);
    } else if (path.equals("/around")) {
      exchange.getResponseHeaders().add("Location", "/around");
      exchange.sendResponseHeaders(301, -1);
    } else if (Files.isRegularFile(folder.resolve(path.substring(1)))) {
      byte[] bytes = Files.readAllBytes(folder.resolve(path.substring(1)));
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
    exchange.close();
  }

  @AfterEach
  void stop() {
    web.stop(0);
  }

  private Program.Result build(String dockerfile, String... options) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    List<String> command = new ArrayList<>(List.of("build"));
    command.addAll(List.of(options));
    command.add(context.toString());
    return daemon.djong(command.toArray(String[]::new));
  }

  private Program.Result docker(String... words) throws Exception {
    return Program.run(daemon.dockerCommand(words), Map.of("DOCKER_BUILDKIT", "0"), null);
  }

  private String run(String image, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", "--rm", image));
    all.addAll(List.of(command));
    return daemon.docker(all.toArray(String[]::new)).ok().out();
  }

  private void tar(String archive, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("tar", "-caf", folder.resolve(archive).toString()));
    command.addAll(List.of(words));
    Program.run(command, Map.of(), null).ok();
  }

  private String sha256(String file) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve(file)));
    return "sha256:" + HexFormat.of().formatHex(hash);
  }

  @Test
  void aContextMayBeAnArchiveOrADockerfileBehindAUrl() throws Exception {
    Files.writeString(context.resolve("cargo"), "cargo");
    Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nCOPY cargo /hold\n");
    for (String ending : List.of("tar", "tar.gz", "tar.xz", "tar.bz2")) {
      tar("c." + ending, "-C", context.toString(), ".");

      docker("build", "-t", "remote:1", url + "/moved/c." + ending).ok();

      assertThat(run("remote:1", "cat", "/hold")).as(ending).isEqualTo("cargo");
    }
    Files.writeString(folder.resolve("alone"), "FROM busybox\nRUN echo alone > /hold\n");
    docker("build", "-t", "remote:2", url + "/alone").ok();
    assertThat(run("remote:2", "cat", "/hold")).isEqualTo("alone\n");
    daemon.djong("build", "-q", "-t", "remote:3", url + "/c.tar.xz").ok();
    assertThat(run("remote:3", "cat", "/hold")).isEqualTo("cargo");
    assertThat(docker("build", url + "/none").err()).contains("404");
    assertThat(docker("build", url + "/around").err()).contains("redirects");
  }

  @Test
  void addFetchesUnpacksAndVerifies() throws Exception {
    Files.writeString(folder.resolve("file"), "fetched\n");
    Files.writeString(context.resolve("inner"), "inner\n");
    tar("a.tar.xz", "-C", context.toString(), "inner");
    Files.copy(folder.resolve("a.tar.xz"), context.resolve("a.tar.xz"));
    tar("b.tar.bz2", "-C", context.toString(), "inner");
    Files.move(folder.resolve("b.tar.bz2"), context.resolve("b.tar.bz2"));

    build(
            """
            FROM busybox
            ADD %1$s/moved/file /one
            ADD --checksum=%2$s %1$s/file?x=y /two/
            ADD --unpack=true %1$s/a.tar.xz /three/
            ADD %1$s/a.tar.xz /four/
            ADD a.tar.xz /five/
            ADD b.tar.bz2 /six/
            """
                .formatted(url, sha256("file")),
            "-t",
            "add:1")
        .ok();

    assertThat(
            run("add:1", "cat", "/one", "/two/file", "/three/inner", "/five/inner", "/six/inner"))
        .isEqualTo("fetched\nfetched\ninner\ninner\ninner\n");
    assertThat(run("add:1", "stat", "-c", "%a %u", "/one", "/four/a.tar.xz"))
        .isEqualTo("600 0\n600 0\n");
    Program.Result wrong =
        build("FROM busybox\nADD --checksum=sha256:" + "0".repeat(64) + " " + url + "/file /one\n");
    assertThat(wrong.code()).isNotZero();
    assertThat(wrong.err()).contains("digest mismatch", "> 2 | ADD");
  }

  @Test
  void whatWasFetchedWithAChecksumIsNotFetchedAgain() throws Exception {
    Files.writeString(folder.resolve("file"), "pinned\n");
    String file = "FROM busybox\nADD --checksum=" + sha256("file") + " " + url + "/file /one\n";
    build(file, "-t", "pinned:1").ok();

    web.stop(0);

    assertThat(build(file, "-t", "pinned:2", "--progress=plain").ok().err()).contains("#2 CACHED");
  }

  @Test
  void aBaseImageMayNeedALogin() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    try (DebianRegistry registry =
        DebianRegistry.start(Files.createDirectory(folder.resolve("registry")), HTPASSWD)) {
      String name = registry.host() + "/base";
      Files.writeString(
          home.resolve("config.json"),
          "{\"auths\":{\""
              + registry.host()
              + "\":{\"auth\":\""
              + Base64.getEncoder().encodeToString(PASSWORD.getBytes(UTF_8))
              + "\"}}}");
      Map<String, String> own = Map.of("DOCKER_BUILDKIT", "0", "DOCKER_CONFIG", home.toString());
      daemon.docker("tag", "busybox", name).ok();
      Program.run(daemon.dockerCommand("push", name), own, null).ok();
      daemon.docker("rmi", name).ok();
      Files.writeString(context.resolve("Dockerfile"), "FROM " + name + "\nRUN true\n");

      assertThat(docker("build", context.toString()).code()).isNotZero();
      Program.run(daemon.dockerCommand("build", context.toString()), own, null).ok();

      daemon.docker("rmi", name).ok();
      Program.djong(own, "--host", daemon.host(), "build", context.toString()).ok();
      daemon.docker("rmi", name).ok();
    }
  }

  @Test
  void aSquashedImageHasOneLayerOnItsBase() throws Exception {
    String file = "FROM busybox\nRUN echo 1 > /a; echo 2 > /b\nRUN rm /a\nRUN echo 3 > /b\n";

    build(file, "--squash", "-t", "squashed:1").ok();

    String layers = "{{len .RootFS.Layers}} {{json .Config.Cmd}}";
    String base = daemon.docker("image", "inspect", "-f", layers, "busybox").ok().line();
    assertThat(daemon.docker("image", "inspect", "-f", layers, "squashed:1").ok().line())
        .isEqualTo(base.replaceFirst("^1 ", "2 "));
    assertThat(run("squashed:1", "sh", "-c", "cat /b; ls /a 2>&1 || true"))
        .startsWith("3\n")
        .contains("No such");
  }

  @Test
  void aResultMayBeAFolderATarOrAnArchive() throws Exception {
    String file = "FROM scratch\nCOPY Dockerfile /made/file\n";
    Path tree = folder.resolve("tree");
    int before = daemon.docker("images", "-aq").ok().lines().size();

    build(file, "-o", tree.toString()).ok();
    build(file, "-o", "type=tar,dest=" + folder.resolve("out.tar")).ok();
    build(file, "-o", "type=oci,dest=" + folder.resolve("oci.tar")).ok();
    build(file, "-t", "docker:1", "-o", "type=docker,dest=" + folder.resolve("docker.tar")).ok();

    assertThat(tree.resolve("made/file")).hasContent(file);
    assertThat(list("out.tar")).contains("made/file");
    assertThat(list("oci.tar")).contains("oci-layout", "index.json");
    assertThat(list("docker.tar")).contains("manifest.json");
    assertThat(daemon.docker("rmi", "docker:1").ok().code()).isZero();
    assertThat(daemon.docker("images", "-aq").ok().lines()).hasSize(before);
  }

  private List<String> list(String archive) throws Exception {
    return Program.run(List.of("tar", "-tf", folder.resolve(archive).toString()), Map.of(), null)
        .ok()
        .lines()
        .stream()
        .map(name -> name.replaceFirst("^\\./", ""))
        .toList();
  }

  @Test
  void namesMayMeanOtherFoldersAndImages() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("x"), "other\n");
    Files.writeString(other.resolve("hidden"), "hidden\n");
    Files.writeString(other.resolve(".dockerignore"), "hidden\n");
    Files.writeString(context.resolve("x"), "main\n");

    build(
            """
            FROM elsewhere
            COPY x /main
            COPY --from=more x /more
            RUN --mount=type=bind,from=more,target=/m ls -A /m > /seen
            COPY . /all/
            FROM more AS tree
            FROM tree
            COPY --from=0 /main /main
            """,
            "--build-context",
            "elsewhere=docker-image://busybox",
            "--build-context",
            "more=" + other,
            "-o",
            folder.resolve("tree").toString())
        .ok();

    assertThat(folder.resolve("tree/x")).hasContent("other\n");
    assertThat(folder.resolve("tree/main")).hasContent("main\n");
    build(
            "FROM busybox\nCOPY --from=more / /m\nCOPY . /all\n",
            "-t",
            "named:1",
            "--build-context",
            "more=" + other)
        .ok();
    assertThat(run("named:1", "ls", "/m", "/all")).isEqualTo("/all:\nDockerfile\nx\n\n/m:\nx\n");
  }

  @Test
  void resultsTravelWithAnImageAndThroughAFolder() throws Exception {
    Files.writeString(context.resolve("x"), "travelled\n");
    String file =
        """
        FROM busybox AS first
        COPY x /x
        RUN cat /x > /made; cat /proc/uptime >> /made
        FROM busybox
        COPY --from=first /made /made
        """;
    Path cache = folder.resolve("cache");
    build(file, "-t", "carrier:1", "--cache-to", "type=local,dest=" + cache).ok();
    String made = run("carrier:1", "cat", "/made");
    daemon.docker("rmi", "carrier:1").ok();
    daemon.docker("builder", "prune", "-af").ok();

    Program.Result again =
        build(
            file, "-t", "carrier:2", "--progress=plain", "--cache-from", "type=local,src=" + cache);

    assertThat(again.ok().err()).contains("#3 CACHED", "#5 CACHED");
    assertThat(run("carrier:2", "cat", "/made")).isEqualTo(made);
    String single = "FROM busybox\nCOPY x /x\nRUN cat /x > /made; cat /proc/uptime >> /made\n";
    build(single, "-t", "carrier:3", "--cache-to", "type=inline").ok();
    daemon.docker("builder", "prune", "-af").ok();
    assertThat(build(single, "--progress=plain", "--cache-from", "carrier:3").ok().err())
        .contains("#2 CACHED", "#3 CACHED");
    assertThat(daemon.docker("images", "-q", "djong-build-cache").ok().out()).isEmpty();
  }

  @Test
  void resultsTravelThroughARegistryAndNoImageLosesItsName() throws Exception {
    Files.writeString(context.resolve("x"), "by sea\n");
    String file = "FROM busybox\nCOPY x /x\nRUN cat /x > /made; cat /proc/uptime >> /made\n";
    try (DjongRegistry registry = DjongRegistry.start(folder)) {
      String cache = registry.host() + "/cache:1";
      String ref = "type=registry,ref=" + cache;
      daemon.docker("tag", "busybox", cache).ok();
      String busybox = daemon.docker("inspect", "-f", "{{.Id}}", "busybox").ok().line();

      build(file, "-t", "sailor:1", "--cache-to", ref).ok();
      String made = run("sailor:1", "cat", "/made");
      assertThat(daemon.docker("inspect", "-f", "{{.Id}}", cache).ok().line()).isEqualTo(busybox);
      daemon.docker("rmi", "sailor:1").ok();
      daemon.docker("builder", "prune", "-af").ok();

      Program.Result again = build(file, "-t", "sailor:2", "--progress=plain", "--cache-from", ref);
      assertThat(again.ok().err()).contains("#2 CACHED", "#3 CACHED");
      assertThat(run("sailor:2", "cat", "/made")).isEqualTo(made);
      assertThat(daemon.docker("inspect", "-f", "{{.Id}}", cache).ok().line()).isEqualTo(busybox);

      Program.Result same = build(file, "-t", cache, "--cache-to", ref);
      assertThat(same.code()).isNotZero();
      assertThat(same.err()).contains("want another name than that of the result");
      daemon.docker("rmi", "sailor:2", cache).ok();
    }
  }

  @Test
  void aCacheMayBeNamedByItsDigest() throws Exception {
    String file = "FROM busybox\nRUN cat /proc/uptime > /made\n";
    try (DjongRegistry registry = DjongRegistry.start(folder)) {
      String cache = registry.host() + "/pinned:1";
      build(file, "-t", "pinned:1", "--cache-to", "type=registry,ref=" + cache).ok();
      String made = run("pinned:1", "cat", "/made");
      String digest =
          Program.run(
                  List.of(
                      "skopeo",
                      "inspect",
                      "--tls-verify=false",
                      "-f",
                      "{{.Digest}}",
                      "docker://" + cache),
                  Map.of(),
                  null)
              .ok()
              .line();
      for (String ref :
          List.of(
              registry.host() + "/pinned@" + digest,
              "type=registry,ref=" + registry.host() + "/pinned:1@" + digest)) {
        daemon.docker("rmi", "pinned:1").ok();
        daemon.docker("builder", "prune", "-af").ok();

        Program.Result again =
            build(file, "-t", "pinned:1", "--progress=plain", "--cache-from", ref);

        assertThat(again.ok().err()).contains("#2 CACHED");
        assertThat(run("pinned:1", "cat", "/made")).isEqualTo(made);
        daemon.docker("rmi", registry.host() + "/pinned@" + digest).ok();
      }
      String none = registry.host() + "/pinned@sha256:" + "0".repeat(64);
      assertThat(build(file, "-t", "pinned:1", "--cache-from", none).ok().err())
          .contains("cache from " + none);
      daemon.docker("rmi", "pinned:1").ok();
    }
  }

  @Test
  void aCheckMayRefuseABuild() throws Exception {
    Program.Result refused =
        build("# check=error=true\nFROM busybox\nMAINTAINER Ann\n", "-t", "checked:1");

    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("MaintainerDeprecated", "> 3 | MAINTAINER Ann");
    Files.writeString(context.resolve(".dockerignore"), "x.log\n");
    assertThat(build("FROM busybox\nCOPY x.log /\n", "--check").out()).contains("CopyIgnoredFile");
  }

  @Test
  void whatWasBuiltIsRememberedAndCanBeVerified() throws Exception {
    String file = "FROM busybox\nWORKDIR /w\nRUN echo remembered > x\n";
    build(file, "-t", "past:1", "--build-arg", "SOURCE_DATE_EPOCH=1700000000").ok();

    String id = daemon.djong("build", "ls", "-q").ok().lines().getFirst();

    assertThat(daemon.djong("build", "ls").ok().lines().get(1)).contains("past:1", "done");
    assertThat(daemon.djong("build", "inspect", id).ok().out())
        .contains("\"state\": \"done\"", "RUN echo remembered > x");
    assertThat(daemon.djong("build", "logs", id).ok().out()).contains("FROM busybox");
    assertThat(build(file, "--verify", "past:1").ok().out()).contains("verified");
    Program.Result other = build(file.replace("remembered", "forgotten"), "--verify", "past:1");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).contains("not the same", "layer 3");
    build("FROM busybox\nRUN echo so far; exit 3\n", "-t", "past:2");
    String failed = daemon.djong("build", "ls", "-q").ok().lines().getFirst();
    assertThat(daemon.djong("build", "logs", failed).ok().out()).contains("so far", "exit code 3");
    assertThat(daemon.djong("build", "ls").ok().lines().get(1)).contains("past:2", "failed");
  }

  @Test
  void anSshSocketMustBeOne() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "canary\n");

    Program.Result refused =
        build(
            "FROM busybox\nRUN --mount=type=ssh cat $SSH_AUTH_SOCK\n",
            "--ssh",
            "default=" + secret);

    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("is no socket").doesNotContain("canary\n");
  }

  @Test
  void anExtendedDockerfileIncludesOthersAndCopiesWhatMayBeMissing() throws Exception {
    Files.writeString(context.resolve("common"), "ENV A=included\nRUN echo $A > /a\n");
    Files.writeString(context.resolve("there"), "there\n");

    build(
            """
            # djong: extensions
            FROM busybox
            INCLUDE common
            COPY --if-exists there missing none* /hold/
            COPY --if-exists missing /never
            """,
            "-t",
            "extended:1")
        .ok();

    assertThat(run("extended:1", "cat", "/a", "/hold/there")).isEqualTo("included\nthere\n");
    assertThat(run("extended:1", "ls", "/").lines().toList()).doesNotContain("never");
  }
}
