package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarReader;
import io.djong.content.tar.TarWriter;
import io.djong.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Archives of images, as others read them and as they may come.
@ExtendWith(SharedDaemon.class)
class SavedImagesTest {
  private final LiveDaemon daemon;
  @TempDir Path folder = Path.of("");

  SavedImagesTest(LiveDaemon daemon) {
    this.daemon = daemon;
  }

  private static String run(String... command) throws Exception {
    return Program.run(List.of(command), Map.of(), null).ok().out();
  }

  private void commit(String image, String name, String change) throws Exception {
    daemon.docker("run", "--network", "none", "--name", "maker", image, "sh", "-c", change).ok();
    daemon.docker("commit", "maker", name).ok();
    daemon.docker("rm", "maker").ok();
  }

  @Test
  void severalImagesInOneArchiveAreReadBySkopeoAndUmoci() throws Exception {
    commit("busybox", "saved/base:1", "echo base >/base");
    commit("saved/base:1", "saved/one:1", "echo one >/one; rm /base");
    commit("saved/base:1", "saved/two:2", "echo two >/two");
    Path archive = folder.resolve("saved.tar");
    daemon.docker("save", "-o", archive.toString(), "saved/one:1", "saved/two:2").ok();

    assertThat(blobs(archive)).as("four layers, two configs, two manifests").hasSize(8);
    String one = run("skopeo", "inspect", "--config", "docker-archive:" + archive + ":saved/one:1");
    String id = daemon.docker("image", "inspect", "-f", "{{.Id}}", "saved/one:1").ok().line();
    assertThat(id).isEqualTo("sha256:" + Digest.of(raw(archive, "saved/one:1")).hex());
    assertThat(one).contains("rootfs");
    Path layout = Files.createDirectory(folder.resolve("layout"));
    run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "docker-archive:" + archive + ":saved/two:2",
        "oci:" + layout + ":two");
    run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "docker-archive:" + archive + ":saved/one:1",
        "oci:" + layout + ":one");
    unpack(layout, "one");
    unpack(layout, "two");
    assertThat(folder.resolve("one/rootfs/one")).hasContent("one\n");
    assertThat(folder.resolve("one/rootfs/base")).doesNotExist();
    assertThat(folder.resolve("two/rootfs/base")).hasContent("base\n");
    assertThat(folder.resolve("two/rootfs/two")).hasContent("two\n");
    daemon.docker("rmi", "saved/one:1", "saved/two:2", "saved/base:1").ok();
    assertThat(daemon.docker("load", "-i", archive.toString()).ok().out())
        .contains("saved/one:1", "saved/two:2");
    assertThat(daemon.docker("image", "inspect", "-f", "{{.Id}}", "saved/one:1").ok().line())
        .isEqualTo(id);
    daemon.docker("rmi", "saved/one:1", "saved/two:2").ok();
  }

  private byte[] raw(Path archive, String name) throws Exception {
    return run("skopeo", "inspect", "--config", "--raw", "docker-archive:" + archive + ":" + name)
        .getBytes(UTF_8);
  }

  private void unpack(Path layout, String name) throws Exception {
    run("umoci", "unpack", "--image", layout + ":" + name, folder.resolve(name).toString());
  }

  private static List<String> blobs(Path archive) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream in = Files.newInputStream(archive)) {
      TarReader reader = new TarReader(in);
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry.kind() == TarEntry.Kind.FILE && entry.name().toString().startsWith("blobs/")) {
          names.add(entry.name().toString());
        }
      }
    }
    return names;
  }

  @Test
  void anImageOfMoreThan127LayersRuns() throws Exception {
    Path base = folder.resolve("base.tar");
    daemon.docker("create", "--name", "exported", "busybox").ok();
    daemon.docker("export", "-o", base.toString(), "exported").ok();
    daemon.docker("rm", "exported").ok();
    List<byte[]> layers = new ArrayList<>(List.of(Files.readAllBytes(base)));
    for (int i = 1; i < 140; i++) {
      layers.add(tar("layer-" + i, ("content " + i + "\n").getBytes(UTF_8)));
    }
    List<String> diffIds = layers.stream().map(it -> "\"" + Digest.of(it) + "\"").toList();
    byte[] config =
        """
        {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"]},
         "rootfs":{"type":"layers","diff_ids":[%s]}}"""
            .formatted(String.join(",", diffIds))
            .getBytes(UTF_8);
    List<String> names = new ArrayList<>();
    Path archive = folder.resolve("high.tar");
    try (OutputStream out = Files.newOutputStream(archive);
        TarWriter writer = new TarWriter(out)) {
      for (int i = 0; i < layers.size(); i++) {
        put(writer, "l" + i + "/layer.tar", layers.get(i));
        names.add("\"l" + i + "/layer.tar\"");
      }
      put(writer, "config.json", config);
      String manifest =
          "[{\"Config\":\"config.json\",\"RepoTags\":[\"high:1\"],\"Layers\":[%s]}]"
              .formatted(String.join(",", names));
      put(writer, "manifest.json", manifest.getBytes(UTF_8));
    }
    daemon.docker("load", "-i", archive.toString()).ok();

    assertThat(
            daemon
                .docker("run", "--rm", "--network", "none", "high:1", "cat", "layer-1", "layer-139")
                .ok()
                .lines())
        .containsExactly("content 1", "content 139");
    commit("high:1", "high:2", "rm /layer-1; echo more >/layer-140");
    assertThat(daemon.docker("run", "--rm", "--network", "none", "high:2", "ls").ok().lines())
        .contains("layer-139", "layer-140")
        .doesNotContain("layer-1");
    daemon.docker("rmi", "high:1", "high:2").ok();
    assertThat(daemon.djong("system", "fsck").ok().out()).contains("all is well");
  }

  private static byte[] tar(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter writer = new TarWriter(bytes)) {
      put(writer, name, content);
    }
    return bytes.toByteArray();
  }

  private static void put(TarWriter writer, String name, byte[] content) throws IOException {
    writer.put(
        TarEntry.file(name, 0644, content.length, Instant.EPOCH),
        new ByteArrayInputStream(content));
  }
}
