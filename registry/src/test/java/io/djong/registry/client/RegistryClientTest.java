package io.djong.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.VerifiedInput;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Manifests;
import io.djong.registry.Credentials;
import io.djong.registry.RegistrySettings;
import io.djong.registry.RegistrySettings.Rule;
import io.djong.registry.client.FakeRegistry.Asked;
import io.djong.registry.client.FakeRegistry.Reply;
import io.djong.registry.client.FakeRegistry.Script;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The client against registries that cut, stall, lie and send it elsewhere.
@Timeout(60)
class RegistryClientTest {
  private static final String CANARY = "canary-secret";
  private static final Credentials ANN = new Credentials.Password("ann", CANARY);
  private static final byte[] BYTES = bytes(100_000);
  private static final Descriptor BLOB = Descriptor.of(MediaType.OCI_LAYER, BYTES);
  private static final Document<Manifest> MANIFEST =
      Manifests.write(
          MediaType.OCI_MANIFEST,
          new Manifest.Image(
              Descriptor.of(MediaType.OCI_CONFIG, "{}".getBytes(UTF_8)),
              List.of(BLOB),
              null,
              Map.of()));

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private static byte[] bytes(int count) {
    byte[] all = new byte[count];
    for (int i = 0; i < count; i++) {
      all[i] = (byte) (i * 31 + i / 251);
    }
    return all;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private FakeRegistry registry(Script script) throws IOException {
    FakeRegistry registry = new FakeRegistry(script);
    open.add(registry);
    return registry;
  }

  private RegistryClient client(Rule... rules) {
    RegistrySettings standard = RegistrySettings.DEFAULT;
    RegistryClient client =
        new RegistryClient(
            new RegistrySettings(
                List.of(), List.of(rules), standard.certificates(), standard.proxies()),
            Instant::now,
            pauses::add);
    open.add(client);
    return client;
  }

  private static Repository repository(FakeRegistry registry) {
    return new Repository(registry.host(), "fleet/box");
  }

  private RegistrySource source(FakeRegistry registry, Credentials credentials) {
    return client().source(registry.host(), credentials);
  }

  private byte[] read(FakeRegistry registry) throws IOException {
    try (InputStream in = source(registry, Credentials.NONE).open(repository(registry), BLOB)) {
      return new VerifiedInput(in, BLOB).readAllBytes();
    }
  }

  private static Reply from(Asked asked, byte[] all) {
    String range = asked.header("Range");
    if (range == null) {
      return Reply.of(200, all);
    }
    int first = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    return Reply.of(206, Arrays.copyOfRange(all, first, all.length))
        .with("Content-Range", "bytes " + first + "-" + (all.length - 1) + "/" + all.length);
  }

  @Test
  void aBlobThatIsCutGoesOnWhereItStopped() throws IOException {
    AtomicInteger answers = new AtomicInteger();
    FakeRegistry registry =
        registry(
            asked ->
                asked.target().equals("/v2/") || answers.incrementAndGet() > 3
                    ? from(asked, BYTES)
                    : from(asked, BYTES).cutAfter(20_000));

    assertThat(read(registry)).isEqualTo(BYTES);
    assertThat(registry.asked.stream().map(asked -> String.valueOf(asked.header("Range"))))
        .containsExactly("null", "null", "bytes=20000-", "bytes=40000-", "bytes=60000-");
  }

  @Test
  void aServerWithoutRangesIsReadAgainFromTheBeginning() throws IOException {
    AtomicInteger answers = new AtomicInteger();
    FakeRegistry registry =
        registry(
            asked ->
                answers.incrementAndGet() == 2
                    ? Reply.of(200, BYTES).cutAfter(70_000)
                    : Reply.of(200, BYTES));

    assertThat(read(registry)).isEqualTo(BYTES);
  }

  @Test
  void aServerThatBringsNothingForwardIsGivenUp() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                asked.target().equals("/v2/") ? Reply.of(200) : from(asked, BYTES).cutAfter(0));

    assertThatThrownBy(() -> read(registry)).isInstanceOf(IOException.class);
    assertThat(registry.questions()).hasSize(5);
    assertThat(pauses).hasSize(4).isSorted();
  }

  @Test
  void answersThatAreNotWhatWasPromisedAreRefused() throws IOException {
    byte[] other = BYTES.clone();
    other[99] ^= 1;
    List<Reply> lies =
        List.of(
            Reply.of(200, other),
            Reply.of(200, Arrays.copyOf(BYTES, BYTES.length - 1)),
            Reply.of(200, Arrays.copyOf(BYTES, BYTES.length + 1)),
            Reply.of(206, BYTES).with("Content-Range", "bytes 1-100000/100001"),
            Reply.of(206, BYTES),
            new Reply(200, Map.of("Content-Length", "nonsense"), BYTES, -1));
    for (Reply lie : lies) {
      FakeRegistry registry =
          registry(asked -> asked.target().equals("/v2/") ? Reply.of(200) : lie);
      assertThatThrownBy(() -> read(registry))
          .isInstanceOfAny(Fault.Invalid.class, IOException.class);
    }
  }

  @Test
  void aManifestIsWhatItsDigestSaysOrRefused() throws IOException {
    String type = MediaType.OCI_MANIFEST;
    Reply good = Reply.of(200, MANIFEST.bytes()).with("Content-Type", type);
    Digest wrong = Digest.of("other".getBytes(UTF_8));
    byte[] both =
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[],\"manifests\":[]}".getBytes(UTF_8);
    byte[] huge = Arrays.copyOf(MANIFEST.bytes(), Manifests.MAX_BYTES + 1);
    List<Reply> lies =
        List.of(
            good.with("Docker-Content-Digest", wrong.toString()),
            good.with("Docker-Content-Digest", "md5:00"),
            good.with("Docker-Content-Digest", "sha256:..%2F"),
            good.with("Content-Type", MediaType.OCI_INDEX),
            Reply.of(200, both).with("Content-Type", type),
            Reply.of(200, huge).with("Content-Type", type),
            Reply.of(200, "<html>".getBytes(UTF_8)).with("Content-Type", "text/html"));
    for (Reply lie : lies) {
      FakeRegistry registry =
          registry(asked -> asked.target().equals("/v2/") ? Reply.of(200) : lie);
      Reference name = new Reference.Tag(repository(registry), "1");
      assertThatThrownBy(() -> source(registry, Credentials.NONE).resolve(name))
          .isInstanceOf(Fault.Invalid.class);
    }
    FakeRegistry registry = registry(asked -> asked.target().equals("/v2/") ? Reply.of(200) : good);
    Reference pinned = new Reference.Pin(repository(registry), null, wrong);
    assertThatThrownBy(() -> source(registry, Credentials.NONE).resolve(pinned))
        .isInstanceOf(Fault.Invalid.class);
    assertThat(
            source(registry, Credentials.NONE)
                .resolve(new Reference.Pin(repository(registry), null, MANIFEST.digest()))
                .value())
        .isEqualTo(MANIFEST.value());
  }

  @Test
  void aServerThatWantsPatienceIsGivenIt() throws IOException {
    AtomicInteger answers = new AtomicInteger();
    FakeRegistry registry =
        registry(
            asked ->
                switch (answers.incrementAndGet()) {
                  case 1 -> Reply.of(200);
                  case 2 -> Reply.of(429).with("Retry-After", "7");
                  case 3 -> Reply.of(503).with("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT");
                  case 4 -> Reply.of(500);
                  default -> from(asked, BYTES);
                });

    assertThat(read(registry)).isEqualTo(BYTES);
    assertThat(pauses).hasSize(3).startsWith(Duration.ofSeconds(7), Duration.ZERO);
  }

  @Test
  void aServerThatNeverRecoversIsGivenUpInItsOwnWords() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                asked.target().equals("/v2/")
                    ? Reply.of(200)
                    : Reply.of(
                        429,
                        "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slow\\u001b[2J\"}]}"
                            .getBytes(UTF_8)));

    assertThatThrownBy(() -> read(registry))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessage("toomanyrequests: slow [2J");
  }

  @Test
  void whoWeAreIsNotToldToWhereWeAreSent() throws IOException {
    FakeRegistry elsewhere = registry(asked -> Reply.of(200, BYTES));
    FakeRegistry registry =
        registry(
            asked -> {
              if (asked.header("Authorization") == null) {
                return Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\"");
              }
              return asked.target().contains("/blobs/")
                  ? Reply.of(307).with("Location", "http://" + elsewhere.host() + "/cdn?key=1")
                  : Reply.of(200);
            });

    try (InputStream in = source(registry, ANN).open(repository(registry), BLOB)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(registry.asked.getLast().header("Authorization")).startsWith("Basic ");
    assertThat(elsewhere.questions()).containsExactly("GET /cdn?key=1");
    assertThat(elsewhere.asked.getFirst().header("Authorization")).isNull();
  }

  @Test
  void redirectsInCirclesEnd() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                asked.target().equals("/v2/")
                    ? Reply.of(200)
                    : Reply.of(302).with("Location", asked.target()));

    assertThatThrownBy(() -> read(registry))
        .isInstanceOf(Fault.Failed.class)
        .hasMessageContaining("circles");
    assertThat(registry.questions()).hasSizeLessThan(10);
  }

  @Test
  void aTokenIsFetchedForItsScopeAndUsedAgain() throws IOException {
    AtomicInteger tokens = new AtomicInteger();
    FakeRegistry[] self = new FakeRegistry[1];
    self[0] =
        registry(
            asked -> {
              if (asked.target().startsWith("/token")) {
                tokens.incrementAndGet();
                return Reply.json("{\"token\":\"t1\",\"expires_in\":300}");
              }
              return "Bearer t1".equals(asked.header("Authorization"))
                  ? Reply.of(200, BYTES)
                  : Reply.of(401)
                      .with(
                          "WWW-Authenticate",
                          "Bearer realm=\"http://" + self[0].host() + "/token\",service=\"cargo\"");
            });
    RegistrySource source = source(self[0], ANN);

    for (int i = 0; i < 3; i++) {
      try (InputStream in = source.open(repository(self[0]), BLOB)) {
        assertThat(in.readAllBytes()).isEqualTo(BYTES);
      }
    }
    assertThat(tokens).hasValue(1);
    Asked asked =
        self[0].asked.stream()
            .filter(a -> a.target().startsWith("/token"))
            .findFirst()
            .orElseThrow();
    assertThat(asked.target())
        .contains("service=cargo", "scope=repository%3Afleet%2Fbox%3Apull", "account=ann")
        .doesNotContain(CANARY);
    assertThat(asked.header("Authorization")).isEqualTo(((Credentials.Password) ANN).header());
  }

  @Test
  void anIdentityTokenIsTradedForAToken() throws IOException {
    FakeRegistry[] self = new FakeRegistry[1];
    self[0] =
        registry(
            asked -> {
              if (asked.target().startsWith("/token")) {
                return Reply.json("{\"access_token\":\"t2\"}");
              }
              return "Bearer t2".equals(asked.header("Authorization"))
                  ? Reply.of(200, BYTES)
                  : Reply.of(401)
                      .with("WWW-Authenticate", "Bearer realm=\"/token\",service=\"cargo\"");
            });

    try (InputStream in =
        source(self[0], new Credentials.IdentityToken("ann", CANARY))
            .open(repository(self[0]), BLOB)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    Asked asked =
        self[0].asked.stream()
            .filter(a -> a.target().startsWith("/token"))
            .findFirst()
            .orElseThrow();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(new String(asked.body(), UTF_8))
        .contains("grant_type=refresh_token", "refresh_token=" + CANARY);
  }

  @Test
  void aPasswordIsNotSentToATokenServiceElsewhere() throws IOException {
    for (String realm :
        List.of(
            "http://192.0.2.1/token",
            "https://collector.example/token",
            "http://me:x@127.0.0.1/token",
            "file:///etc/passwd")) {
      FakeRegistry registry =
          registry(
              asked -> Reply.of(401).with("WWW-Authenticate", "Bearer realm=\"" + realm + "\""));
      assertThatThrownBy(() -> source(registry, ANN).open(repository(registry), BLOB))
          .isInstanceOf(Fault.Denied.class)
          .hasMessageNotContaining(CANARY);
      assertThat(registry.asked).allMatch(asked -> asked.header("Authorization") == null);
    }
  }

  @Test
  void aRefusedPasswordIsToldWithoutIt() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                Reply.of(
                        401,
                        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"no\"}]}"
                            .getBytes(UTF_8))
                    .with("WWW-Authenticate", "Basic realm=\"x\""));

    assertThatThrownBy(() -> client().login(registry.host(), ANN))
        .isInstanceOf(Fault.Denied.class)
        .hasMessage("unauthorized: no");
    assertThatThrownBy(
            () -> source(registry, ANN).resolve(new Reference.Tag(repository(registry), "1")))
        .isInstanceOf(Fault.Denied.class)
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void credentialsOfOneHostAreNotForAnother() throws IOException {
    FakeRegistry registry =
        registry(asked -> Reply.of(401).with("WWW-Authenticate", "Basic realm=\"x\""));
    RegistrySource source = client().source("other.example", ANN);

    assertThatThrownBy(() -> source.open(repository(registry), BLOB))
        .isInstanceOf(Fault.Denied.class);
    assertThat(registry.asked).allMatch(asked -> asked.header("Authorization") == null);
  }

  @Test
  void mirrorsAreAskedFirstAndTheRegistryItselfLast() throws IOException {
    FakeRegistry broken = registry(asked -> Reply.of(asked.target().equals("/v2/") ? 200 : 404));
    FakeRegistry mirror = registry(asked -> Reply.of(200, BYTES));
    FakeRegistry registry = registry(asked -> Reply.of(200, BYTES));
    Rule rule =
        new Rule(
            registry.host(),
            List.of(
                URI.create("http://" + broken.host()),
                URI.create("http://" + mirror.host() + "/hub/")),
            null,
            false,
            false);

    try (InputStream in =
        client(rule).source(registry.host(), ANN).open(repository(registry), BLOB)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(broken.questions()).containsExactly("GET /v2/fleet/box/blobs/" + BLOB.digest());
    assertThat(mirror.questions()).containsExactly("GET /v2/hub/fleet/box/blobs/" + BLOB.digest());
    assertThat(mirror.asked).allMatch(asked -> asked.header("Authorization") == null);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void aRegistryMayBeMovedOrBlocked() throws IOException {
    FakeRegistry registry = registry(asked -> Reply.of(200, BYTES));
    Repository named = new Repository("corp.example", "team/box");
    Rule moved = new Rule("corp.example/team", List.of(), registry.host() + "/kept", false, false);
    Rule blocked = new Rule("corp.example", List.of(), null, true, false);
    RegistrySource source = client(moved, blocked).source("corp.example", Credentials.NONE);

    try (InputStream in = source.open(named, BLOB)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(registry.questions()).containsExactly("GET /v2/kept/box/blobs/" + BLOB.digest());
    assertThatThrownBy(() -> source.open(new Repository("corp.example", "teamster/x"), BLOB))
        .isInstanceOf(Fault.Denied.class)
        .hasMessageContaining("blocked");
  }

  private RegistryTarget target(FakeRegistry registry, RegistryTarget.Mounts mounts) {
    return client().target(registry.host(), ANN, blob -> new ByteArrayInputStream(BYTES), mounts);
  }

  @Test
  void anUploadThatIsCutGoesOnWhereItStopped() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                switch (asked.method()) {
                  case "POST" ->
                      Reply.of(202).with("Location", "/v2/fleet/box/blobs/uploads/u?s=1");
                  case "GET" ->
                      asked.target().equals("/v2/")
                          ? Reply.of(200)
                          : Reply.of(204)
                              .with("Location", "/v2/fleet/box/blobs/uploads/u?s=2")
                              .with("Range", "0-39999");
                  case "PATCH" ->
                      Reply.of(202).with("Location", "/v2/fleet/box/blobs/uploads/u?s=3");
                  default -> Reply.of(201);
                });
    registry.cutUploadAfter = 40_000;

    target(registry, blob -> null).put(repository(registry), BLOB, new ByteArrayInputStream(BYTES));

    String upload = "/v2/fleet/box/blobs/uploads/u?s=";
    assertThat(registry.questions())
        .containsExactly(
            "POST /v2/fleet/box/blobs/uploads/",
            "GET " + upload + 1,
            "PATCH " + upload + 2,
            "PUT " + upload + 3 + "&digest=" + BLOB.digest());
    Asked patch = registry.asked.get(registry.asked.size() - 2);
    assertThat(patch.header("Content-Range")).isEqualTo("40000-99999");
    assertThat(patch.body()).isEqualTo(Arrays.copyOfRange(BYTES, 40_000, 100_000));
  }

  @Test
  void anUploadThatTheRegistryForgotBeginsAnew() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                switch (asked.method()) {
                  case "POST" -> Reply.of(202).with("Location", "/v2/fleet/box/blobs/uploads/u");
                  case "GET" -> Reply.of(asked.target().equals("/v2/") ? 200 : 404);
                  default -> Reply.of(201);
                });
    registry.cutUploadAfter = 10;

    target(registry, blob -> null).put(repository(registry), BLOB, new ByteArrayInputStream(BYTES));

    assertThat(registry.asked.getLast().body()).isEqualTo(BYTES);
  }

  @Test
  void aBlobOfAnotherRepositoryIsTakenOverWhereTheRegistryCan() throws IOException {
    for (int status : new int[] {201, 202}) {
      FakeRegistry registry =
          registry(
              asked ->
                  switch (asked.method()) {
                    case "HEAD" -> Reply.of(404);
                    case "POST" ->
                        Reply.of(status).with("Location", "/v2/fleet/box/blobs/uploads/begun");
                    case "PUT" -> Reply.of(201);
                    default -> Reply.of(200);
                  });
      RegistryTarget target = target(registry, blob -> "other/box");

      boolean there = target.contains(repository(registry), BLOB);

      assertThat(there).isEqualTo(status == 201);
      assertThat(registry.questions())
          .contains("POST /v2/fleet/box/blobs/uploads/?mount=" + BLOB.digest() + "&from=other/box");
      if (there) {
        assertThat(target.mountedFrom(BLOB.digest().abbreviated())).isEqualTo("other/box");
      } else {
        target.put(repository(registry), BLOB, new ByteArrayInputStream(BYTES));
        assertThat(registry.questions().getLast())
            .isEqualTo("PUT /v2/fleet/box/blobs/uploads/begun?digest=" + BLOB.digest());
      }
    }
  }

  @Test
  void tagsComePageAfterPage() throws IOException {
    FakeRegistry registry =
        registry(
            asked ->
                switch (asked.target()) {
                  case "/v2/fleet/box/tags/list" ->
                      Reply.json("{\"name\":\"fleet/box\",\"tags\":[\"a\",\"b\"]}")
                          .with("Link", "</v2/fleet/box/tags/list?last=b>; rel=\"next\"");
                  case "/v2/fleet/box/tags/list?last=b" -> Reply.json("{\"tags\":[\"c\"]}");
                  default -> Reply.of(200);
                });

    assertThat(source(registry, Credentials.NONE).tags(repository(registry)))
        .containsExactly("a", "b", "c");
  }

  @Test
  void aRegistryThatIsRoutedByPathIsLikeAnyOther() throws IOException {
    // As Nexus 3 presents a repository behind one port: a challenge for both schemes, one a line.
    FakeRegistry registry =
        registry(
            asked ->
                asked.header("Authorization") == null
                    ? Reply.of(401)
                        .with("WWW-Authenticate", "BASIC realm=\"Nexus, \\\"docker\\\"\"")
                    : Reply.of(200, MANIFEST.bytes())
                        .with("Content-Type", MediaType.OCI_MANIFEST + "; charset=utf-8"));
    Repository routed = new Repository(registry.host(), "repository/docker-hosted/box");

    assertThat(
            client().source(registry.host(), ANN).resolve(new Reference.Tag(routed, "1")).digest())
        .isEqualTo(MANIFEST.digest());
    assertThat(registry.questions()).contains("GET /v2/repository/docker-hosted/box/manifests/1");
  }

  @Test
  void aBlobIsPushedAsNexusTakesIt() throws IOException {
    // Behind a port of its own a repository has no prefix. With Nexus's token realm the service is
    // an address, too; a mount is answered with an upload that has begun.
    for (String path : List.of("box", "repository/docker-hosted/box")) {
      String upload = "/v2/" + path + "/blobs/uploads/7c4a";
      FakeRegistry[] self = new FakeRegistry[1];
      self[0] =
          registry(
              asked -> {
                if (asked.target().startsWith("/v2/token")) {
                  return Reply.json("{\"token\":\"DockerToken.1\"}");
                }
                if (!"Bearer DockerToken.1".equals(asked.header("Authorization"))) {
                  String realm = "http://" + self[0].host() + "/v2/token";
                  return Reply.of(401)
                      .with(
                          "WWW-Authenticate",
                          "Bearer realm=\"" + realm + "\",service=\"" + realm + "\"");
                }
                return switch (asked.method()) {
                  case "HEAD" -> Reply.of(404);
                  case "POST" ->
                      Reply.of(202)
                          .with("Location", upload)
                          .with("Docker-Upload-UUID", "7c4a")
                          .with("Range", "0-0");
                  case "PUT" -> Reply.of(201);
                  default -> Reply.of(200);
                };
              });
      Repository named = new Repository(self[0].host(), path);
      RegistryTarget target = target(self[0], blob -> "other/box");

      assertThat(target.contains(named, BLOB)).isFalse();
      target.put(named, BLOB, new ByteArrayInputStream(BYTES));

      assertThat(self[0].asked.getLast().toString())
          .isEqualTo("PUT " + upload + "?digest=" + BLOB.digest());
      assertThat(self[0].asked.getLast().body()).isEqualTo(BYTES);
    }
  }

  @Test
  void aRegistryMustNotSendUsToWhatOnlyThisMachineSees() throws IOException {
    // The registry is at an address that is no loopback address; nothing there has to be reached.
    InetAddress own = InetAddress.getByName("0.0.0.0");
    assertThat(Origins.isOfThisLink(own.getHostAddress())).isTrue();
    assertThat(Origins.isOfThisLink("169.254.169.254")).isTrue();
    assertThat(Origins.isOfThisLink("[::1]:80")).isTrue();
    assertThat(Origins.isOfThisLink("registry.example")).isFalse();
  }
}
