package io.djong.registry.server;

import static io.djong.registry.server.ServedRegistry.MANIFEST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.http.HttpClient;
import io.djong.model.Digest;
import io.djong.model.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that is killed at the n-th call of a kind while it does something. Whatever it
/// acknowledged is there afterwards, what it did not is whole or not there, and asking again
/// succeeds. More of each kind with `-Ddjong.kills=6`.
public class KilledServerTest {
  private static final int TIMES = Integer.getInteger("djong.kills", 1);
  private static final int CHUNK = 70_000;

  /// What is going on when it is killed.
  protected enum Verb {
    UPLOAD,
    CHUNKS,
    MANIFEST,
    DELETE,
    COLLECT
  }

  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Answer(
      int status, byte[] body, @Nullable String location, @Nullable String range) {}

  @TempDir Path folder = Path.of("");
  private @Nullable Process server;
  private @Nullable BufferedReader said;
  private @Nullable HttpClient client;

  /// By tag: the manifests that were acknowledged; and blobs that belong to none.
  private final Map<String, Digest> tags = new HashMap<>();

  private final Set<Digest> blobs = new HashSet<>();
  private final Set<String> deleted = new HashSet<>();
  private int count;

  /// Settings of a server that always has the same storage.
  protected String config() throws IOException {
    return "{}";
  }

  /// The same storage, while no server has it.
  protected RegistryStorage storage() throws IOException {
    return FolderStorage.open(folder.resolve("root"), Duration.ofDays(1));
  }

  protected List<Verb> verbs() {
    return List.of(Verb.values());
  }

  /// Kinds of calls by which it changes what outlives it.
  protected List<String> kinds() {
    return List.of(
        "fsync,fdatasync",
        "?rename,renameat,renameat2,?link,linkat,?unlink,unlinkat,?mkdir,mkdirat");
  }

  protected Path folder() {
    return folder;
  }

  @Test
  void whatWasAcknowledgedIsThereAndTheRestIsWholeOrNotThere() throws Exception {
    Path config = Files.writeString(folder.resolve("config.json"), config());
    int step = 0;
    launch(config, 3);
    for (int time = 1; time <= TIMES; time++) {
      for (Verb verb : verbs()) {
        for (String kind : kinds()) {
          // Odd ones: what is written is a pair of calls, for the file and for its folder.
          killed(verb, kind, 2 * time - 1 + step++ % 2);
          launch(config, 3);
          check();
          assertThat(run(verb)).as("%s again after a kill at %s", verb, kind).isTrue();
        }
      }
    }
    kill();
    try (RegistryStorage storage = storage()) {
      assertThat(new Scrub(storage).run().damage()).isEmpty();
    }
  }

  private void launch(Path config, int attempts) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process started =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                DyingServer.class.getName(),
                "--root",
                folder.resolve("root").toString(),
                "--listen",
                "127.0.0.1:0",
                "--config",
                config.toString())
            .redirectError(new File(folder.toFile(), "log"))
            .start();
    server = started;
    said = new BufferedReader(new InputStreamReader(started.getInputStream(), UTF_8));
    String port = said.readLine();
    if (port == null && attempts > 1) {
      launch(config, attempts - 1); // As whoever supervises it would.
      return;
    }
    assertThat(port).as(() -> log()).isNotNull();
    client = HttpClient.of("tcp://127.0.0.1:" + port);
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void kill() throws Exception {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.destroyForcibly().waitFor();
    }
  }

  private void killed(Verb verb, String kind, int time) throws Exception {
    long pid = Objects.requireNonNull(server).pid();
    if (verb == Verb.MANIFEST || verb == Verb.DELETE) {
      run(verb == Verb.DELETE ? Verb.MANIFEST : Verb.UPLOAD); // What it needs to be there.
    }
    // strace(1) sends the signal when such a call is made for the n-th time.
    Process tracer =
        new ProcessBuilder(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + kind,
                "-e",
                "inject=" + kind + ":signal=SIGKILL:when=" + time,
                "-p",
                Long.toString(pid))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path status = Path.of("/proc/" + pid + "/status");
    while (!Files.readString(status).contains("TracerPid:\t" + tracer.pid())) {
      assertThat(tracer.isAlive()).as("strace is there").isTrue();
      Thread.onSpinWait();
    }
    try {
      run(verb);
    } catch (IOException e) {
      assertThat(Objects.requireNonNull(server).waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    kill();
    tracer.destroyForcibly().waitFor();
  }

  /// Does it once, and remembers what was acknowledged.
  ///
  /// @return whether all of it was
  private boolean run(Verb verb) throws IOException {
    String fresh = "v" + ++count;
    return switch (verb) {
      case UPLOAD -> upload(bytes(fresh, 30_000));
      case CHUNKS -> chunks(bytes(fresh, 2 * CHUNK));
      case MANIFEST -> image(fresh);
      case DELETE -> deleteOne();
      case COLLECT -> collect(fresh);
    };
  }

  private static byte[] bytes(String text, int length) {
    return (text + " ").repeat(length / 2).substring(0, length).getBytes(UTF_8);
  }

  private boolean upload(byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    boolean done = send("POST", "/v2/app/blobs/uploads/?digest=" + digest, bytes).status() == 201;
    if (done) {
      blobs.add(digest);
    }
    return done;
  }

  /// In two pieces. A piece that was acknowledged before the kill is gone on with after it.
  private boolean chunks(byte[] fresh) throws IOException {
    Pending upload = pending;
    int position = 0;
    if (upload != null) {
      Answer there = send("GET", upload.place, null);
      // Killed in the last step, its bytes may be a blob already, which the repository has or not.
      assertThat(there.status())
          .as(upload.place)
          .isIn(upload.last ? List.of(204, 404) : List.of(204));
      if (there.status() == 404) {
        upload = null;
      } else {
        String range = Objects.requireNonNull(there.range());
        int end = Integer.parseInt(range.substring(2));
        position = end == 0 ? 0 : end + 1; // Without bytes it says 0-0.
        assertThat(position).isGreaterThanOrEqualTo(upload.acknowledged);
      }
    }
    if (upload == null) {
      Answer begun = send("POST", "/v2/app/blobs/uploads/", new byte[0]);
      upload = new Pending(Objects.requireNonNull(begun.location()), fresh);
      pending = upload;
    }
    while (position < upload.bytes.length) {
      int end = Math.min(upload.bytes.length, position + CHUNK);
      Answer answer =
          send(
              "PATCH",
              upload.place,
              Arrays.copyOfRange(upload.bytes, position, end),
              Map.of("Content-Range", position + "-" + (end - 1)));
      if (answer.status() != 202) {
        return false;
      }
      position = end;
      upload.acknowledged = end;
      upload.place = Objects.requireNonNull(answer.location());
    }
    upload.last = true;
    Digest digest = Digest.of(upload.bytes);
    String mark = upload.place.indexOf('?') < 0 ? "?" : "&";
    if (send("PUT", upload.place + mark + "digest=" + digest, new byte[0]).status() != 201) {
      return false;
    }
    blobs.add(digest);
    pending = null;
    return true;
  }

  /// An upload that has begun.
  private static final class Pending {
    private final byte[] bytes;
    private String place;
    private int acknowledged;
    private boolean last;

    Pending(String place, byte[] bytes) {
      this.place = place;
      this.bytes = bytes;
    }
  }

  private @Nullable Pending pending;

  private boolean image(String tag) throws IOException {
    byte[] layer = bytes(tag, 5_000);
    if (!upload("{}".getBytes(UTF_8)) || !upload(layer)) {
      return false;
    }
    byte[] manifest =
        ServedRegistry.image(
            Digest.of("{}".getBytes(UTF_8)), 2, Digest.of(layer), layer.length, "");
    boolean done =
        send("PUT", "/v2/app/manifests/" + tag, manifest, Map.of("Content-Type", MANIFEST)).status()
            == 201;
    if (done) {
      tags.put(tag, Digest.of(manifest));
    }
    return done;
  }

  private boolean deleteOne() throws IOException {
    if (tags.isEmpty()) {
      return image("v" + ++count);
    }
    Map.Entry<String, Digest> each = tags.entrySet().iterator().next();
    tags.remove(each.getKey()); // It may be gone or not, until it is said.
    int status = send("DELETE", "/v2/app/manifests/" + each.getValue(), null).status();
    if (status == 202) {
      deleted.add(each.getKey());
    }
    return status == 202;
  }

  private boolean collect(String tag) throws IOException {
    image(tag);
    upload(bytes("garbage" + tag, 1000));
    blobs.clear(); // Nothing keeps them from here on but manifests.
    Process asked = Objects.requireNonNull(server);
    asked.getOutputStream().write('\n');
    asked.getOutputStream().flush();
    boolean pushed = image(tag + "-meanwhile"); // May be refused for what was collected between.
    String line = Objects.requireNonNull(said).readLine();
    if (line == null) {
      throw new IOException("killed");
    }
    blobs.clear();
    assertThat(line).contains("collected");
    return pushed || image(tag + "-again");
  }

  /// What was acknowledged is so, and no tag names what is not whole.
  private void check() throws IOException {
    for (Digest digest : blobs) {
      assertThat(Digest.of(send("GET", "/v2/app/blobs/" + digest, null).body())).isEqualTo(digest);
    }
    tags.forEach(
        (tag, digest) ->
            assertThat(Digest.of(get("/v2/app/manifests/" + tag))).as(tag).isEqualTo(digest));
    for (String tag : deleted) {
      assertThat(send("GET", "/v2/app/manifests/" + tag, null).status()).as(tag).isEqualTo(404);
    }
    Answer list = send("GET", "/v2/app/tags/list", null);
    if (list.status() == 404) {
      return;
    }
    Map<?, ?> listed = (Map<?, ?>) Json.lean().readTree(list.body());
    for (Object tag : new ArrayList<>((List<?>) Objects.requireNonNull(listed.get("tags")))) {
      Map<?, ?> image = (Map<?, ?>) Json.lean().readTree(get("/v2/app/manifests/" + tag));
      for (Object each : (List<?>) Objects.requireNonNull(image.get("layers"))) {
        String digest = String.valueOf(((Map<?, ?>) each).get("digest"));
        assertThat(Digest.of(get("/v2/app/blobs/" + digest))).hasToString(digest);
      }
    }
  }

  private byte[] get(String target) {
    try {
      Answer answer = send("GET", target, null);
      assertThat(answer.status()).as(target).isEqualTo(200);
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer send(String method, String target, byte @Nullable [] body) throws IOException {
    return send(method, target, body, Map.of());
  }

  private Answer send(
      String method, String target, byte @Nullable [] body, Map<String, String> headers)
      throws IOException {
    try (HttpClient.Exchange exchange =
        Objects.requireNonNull(client)
            .send(
                method,
                target,
                headers,
                body == null ? null : new ByteArrayInputStream(body),
                body == null ? 0 : body.length)) {
      return new Answer(
          exchange.status(),
          exchange.body().readAllBytes(),
          exchange.header("Location"),
          exchange.header("Range"));
    }
  }
}
