package io.djong.registry.server;

import static io.djong.registry.server.ServedRegistry.code;
import static io.djong.registry.server.ServedRegistry.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.model.Digest;
import io.djong.registry.server.ServedRegistry.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The OCI distribution specification 1.1, endpoint by endpoint.
public class ProtocolTest {
  private static final byte[] CARGO = "cargo".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.of(CARGO);
  private static final String BLOB = "/v2/ship/hold/blobs/" + DIGEST;
  private static final String UPLOADS = "/v2/ship/hold/blobs/uploads/";

  @TempDir Path root;
  private ServedRegistry registry;

  @BeforeEach
  void serve() throws IOException {
    registry = serve(root);
  }

  /// Over which storage.
  protected ServedRegistry serve(Path folder) throws IOException {
    return new ServedRegistry(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static String place(Answer answer) {
    String location = answer.header("Location");
    return location == null ? "none" : location;
  }

  @Test
  void theBaseSaysWhichProtocolItIs() throws IOException {
    Answer answer = registry.get("/v2/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void aBlobIsPushedWithPostAndPut() throws IOException {
    Answer begun = registry.post(UPLOADS);
    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.header("Docker-Upload-UUID")).isNotNull();

    Answer put = registry.send("PUT", place(begun) + "?digest=" + DIGEST, Map.of(), CARGO);

    assertThat(put.status()).isEqualTo(201);
    assertThat(put.header("Location")).isEqualTo(BLOB);
    assertThat(put.header("Docker-Content-Digest")).isEqualTo(DIGEST.toString());
    assertThat(registry.get(BLOB).body()).isEqualTo(CARGO);
  }

  @Test
  void aBlobIsPushedWithOnePost() throws IOException {
    assertThat(registry.send("POST", UPLOADS + "?digest=" + DIGEST, Map.of(), CARGO).status())
        .isEqualTo(201);

    Answer head = registry.head(BLOB);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("5");
  }

  @Test
  void aBlobIsPushedInChunksAlsoOverARestart() throws IOException {
    Answer begun = registry.post(UPLOADS);
    Answer first =
        registry.send("PATCH", place(begun), Map.of("Content-Range", "0-2"), "car".getBytes(UTF_8));
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.header("Range")).isEqualTo("0-2");

    registry.restart();

    Answer status = registry.get(place(begun));
    assertThat(status.status()).isEqualTo(204);
    assertThat(status.header("Range")).isEqualTo("0-2");
    assertThat(
            registry
                .send("PATCH", place(begun), Map.of("Content-Range", "3-4"), "go".getBytes(UTF_8))
                .status())
        .isEqualTo(202);
    assertThat(
            registry
                .send("PUT", place(begun) + "?digest=" + DIGEST, Map.of(), new byte[0])
                .status())
        .isEqualTo(201);
    assertThat(registry.get(BLOB).body()).isEqualTo(CARGO);
  }

  @Test
  void aChunkOutOfOrderIsRefusedAndTellsWhereToGoOn() throws IOException {
    Answer begun = registry.post(UPLOADS);
    registry.send("PATCH", place(begun), Map.of("Content-Range", "0-2"), "car".getBytes(UTF_8));

    Answer refused =
        registry.send("PATCH", place(begun), Map.of("Content-Range", "7-8"), "go".getBytes(UTF_8));

    assertThat(refused.status()).isEqualTo(416);
    assertThat(refused.header("Range")).isEqualTo("0-2");
  }

  @Test
  void aChunkOfAnotherLengthThanItSaysIsRefused() throws IOException {
    Answer begun = registry.post(UPLOADS);

    Answer refused = registry.send("PATCH", place(begun), Map.of("Content-Range", "0-9"), CARGO);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(code(refused)).isEqualTo("SIZE_INVALID");
  }

  @Test
  void bytesThatAreNotTheDigestsAreRefusedAndNotKept() throws IOException {
    Answer begun = registry.post(UPLOADS);

    Answer refused =
        registry.send("PUT", place(begun) + "?digest=" + DIGEST, Map.of(), new byte[] {1});

    assertThat(refused.status()).isEqualTo(400);
    assertThat(code(refused)).isEqualTo("DIGEST_INVALID");
    assertThat(registry.get(BLOB).status()).isEqualTo(404);
    assertThat(code(registry.get(place(begun)))).isEqualTo("BLOB_UPLOAD_UNKNOWN");
  }

  @Test
  void anUploadBelongsToItsRepositoryAndCanBeCancelled() throws IOException {
    Answer begun = registry.post(UPLOADS);
    String elsewhere = place(begun).replace("ship/hold", "other");

    assertThat(code(registry.get(elsewhere))).isEqualTo("BLOB_UPLOAD_UNKNOWN");
    assertThat(registry.delete(place(begun)).status()).isEqualTo(204);
    assertThat(registry.get(place(begun)).status()).isEqualTo(404);
  }

  @Test
  void aBlobIsReadInRanges() throws IOException {
    registry.blob("ship/hold", "cargo");

    Answer middle = registry.send("GET", BLOB, Map.of("Range", "bytes=1-3"), null);
    Answer end = registry.send("GET", BLOB, Map.of("Range", "bytes=-2"), null);
    Answer past = registry.send("GET", BLOB, Map.of("Range", "bytes=9-"), null);

    assertThat(middle.status()).isEqualTo(206);
    assertThat(middle.text()).isEqualTo("arg");
    assertThat(middle.header("Content-Range")).isEqualTo("bytes 1-3/5");
    assertThat(end.text()).isEqualTo("go");
    assertThat(past.status()).isEqualTo(416);
    assertThat(past.header("Content-Range")).isEqualTo("bytes */5");
  }

  @Test
  void aBlobIsMountedAndSeenOnlyWhereItIs() throws IOException {
    registry.blob("ship/hold", "cargo");
    assertThat(registry.get("/v2/other/blobs/" + DIGEST).status()).isEqualTo(404);

    Answer mounted = registry.post("/v2/other/blobs/uploads/?mount=" + DIGEST + "&from=ship/hold");
    Answer anywhere = registry.post("/v2/third/blobs/uploads/?mount=" + DIGEST);
    Answer absent = registry.post("/v2/other/blobs/uploads/?mount=" + DIGEST + "&from=none");

    assertThat(mounted.status()).isEqualTo(201);
    assertThat(anywhere.status()).isEqualTo(201);
    assertThat(absent.status()).isEqualTo(202);
    assertThat(registry.get("/v2/other/blobs/" + DIGEST).body()).isEqualTo(CARGO);
  }

  @Test
  void aDeletedBlobIsGoneFromItsRepositoryAlone() throws IOException {
    registry.blob("a", "cargo");
    registry.blob("b", "cargo");

    assertThat(registry.delete("/v2/a/blobs/" + DIGEST).status()).isEqualTo(202);

    assertThat(code(registry.get("/v2/a/blobs/" + DIGEST))).isEqualTo("BLOB_UNKNOWN");
    assertThat(registry.delete("/v2/a/blobs/" + DIGEST).status()).isEqualTo(404);
    assertThat(registry.get("/v2/b/blobs/" + DIGEST).status()).isEqualTo(200);
  }

  @Test
  void aManifestIsFoundByTagAndDigestAsItWasPushed() throws IOException {
    Digest digest = registry.image("ship/hold", "v1", "layer");

    Answer byTag = registry.get("/v2/ship/hold/manifests/v1");
    Answer byDigest = registry.head("/v2/ship/hold/manifests/" + digest);

    assertThat(byTag.status()).isEqualTo(200);
    assertThat(Digest.of(byTag.body())).isEqualTo(digest);
    assertThat(byTag.header("Content-Type")).isEqualTo(ServedRegistry.MANIFEST);
    assertThat(byDigest.header("Docker-Content-Digest")).isEqualTo(digest.toString());
    assertThat(byDigest.header("Content-Length")).isEqualTo("" + byTag.body().length);
  }

  @Test
  void aManifestOfWhatIsNotThereIsRefused() throws IOException {
    byte[] manifest = ServedRegistry.image(DIGEST, 5, DIGEST, 5, "");

    Answer refused = registry.put("ship/hold", "v1", manifest);

    assertThat(refused.status()).isEqualTo(404);
    assertThat(code(refused)).isEqualTo("MANIFEST_BLOB_UNKNOWN");
    assertThat(refused.text()).contains(DIGEST.toString());
    assertThat(registry.get("/v2/ship/hold/manifests/v1").status()).isEqualTo(404);
  }

  @Test
  void aManifestOfAnotherDigestOrNoneAtAllIsRefused() throws IOException {
    Digest config = registry.blob("ship/hold", "{}");
    byte[] manifest = ServedRegistry.image(config, 2, config, 2, "");

    assertThat(code(registry.put("ship/hold", DIGEST.toString(), manifest)))
        .isEqualTo("DIGEST_INVALID");
    assertThat(code(registry.put("ship/hold", "v1", CARGO))).isEqualTo("MANIFEST_INVALID");
  }

  @Test
  void aManifestLargerThanFourMebibytesIsRefused() throws IOException {
    Answer refused = registry.put("ship/hold", "v1", new byte[(4 << 20) + 1]);

    assertThat(refused.status()).isEqualTo(413);
    assertThat(code(refused)).isEqualTo("MANIFEST_INVALID");
  }

  @Test
  void sha512NamesBlobsAndManifests() throws IOException {
    Digest blob = Digest.ofHash(Digest.SHA512, Digest.newHash(Digest.SHA512).digest(CARGO));
    assertThat(registry.send("POST", UPLOADS + "?digest=" + blob, Map.of(), CARGO).status())
        .isEqualTo(201);
    Digest config = registry.blob("ship/hold", "{}");
    byte[] manifest = ServedRegistry.image(config, 2, blob, 5, "");
    Digest digest = Digest.ofHash(Digest.SHA512, Digest.newHash(Digest.SHA512).digest(manifest));

    assertThat(registry.put("ship/hold", digest.toString(), manifest).status()).isEqualTo(201);

    assertThat(registry.get("/v2/ship/hold/manifests/" + digest).body()).isEqualTo(manifest);
    assertThat(registry.get("/v2/ship/hold/blobs/" + blob).body()).isEqualTo(CARGO);
  }

  @Test
  void anIndexMayHoldIndexesAndNeedsThem() throws IOException {
    Digest image = registry.image("ship/hold", "v1", "layer");
    byte[] inner = index(ServedRegistry.MANIFEST, image);
    byte[] outer = index(ServedRegistry.INDEX, Digest.of(inner));
    Map<String, String> type = Map.of("Content-Type", ServedRegistry.INDEX);

    Answer early = registry.send("PUT", "/v2/ship/hold/manifests/all", type, outer);
    registry.send("PUT", "/v2/ship/hold/manifests/" + Digest.of(inner), type, inner);
    Answer late = registry.send("PUT", "/v2/ship/hold/manifests/all", type, outer);

    assertThat(code(early)).isEqualTo("MANIFEST_BLOB_UNKNOWN");
    assertThat(late.status()).isEqualTo(201);
  }

  private static byte[] index(String type, Digest digest) {
    return ("{\"schemaVersion\":2,\"mediaType\":\""
            + ServedRegistry.INDEX
            + "\",\"manifests\":[{\"mediaType\":\""
            + type
            + "\",\"digest\":\""
            + digest
            + "\",\"size\":5}]}")
        .getBytes(UTF_8);
  }

  @Test
  void aDeletedTagLeavesItsManifestAndADeletedManifestTakesItsTags() throws IOException {
    Digest digest = registry.image("ship/hold", "v1", "layer");
    registry.image("ship/hold", "v2", "layer");

    assertThat(registry.delete("/v2/ship/hold/manifests/v1").status()).isEqualTo(202);
    assertThat(registry.get("/v2/ship/hold/manifests/v1").status()).isEqualTo(404);
    assertThat(registry.get("/v2/ship/hold/manifests/" + digest).status()).isEqualTo(200);

    assertThat(registry.delete("/v2/ship/hold/manifests/" + digest).status()).isEqualTo(202);
    assertThat(code(registry.get("/v2/ship/hold/manifests/v2"))).isEqualTo("MANIFEST_UNKNOWN");
    assertThat(registry.delete("/v2/ship/hold/manifests/" + digest).status()).isEqualTo(404);
    assertThat(texts(registry.get("/v2/ship/hold/tags/list"), "tags")).isEmpty();
  }

  @Test
  void whatRefersToAManifestIsListedAndFiltered() throws IOException {
    Digest subject = registry.image("ship/hold", "v1", "layer");
    Digest empty = registry.blob("ship/hold", "{}");
    String more =
        ",\"artifactType\":\"application/x-seal\",\"annotations\":{\"by\":\"mate\"},\"subject\":"
            + "{\"mediaType\":\""
            + ServedRegistry.MANIFEST
            + "\",\"digest\":\""
            + subject
            + "\",\"size\":5}";
    byte[] seal = ServedRegistry.image(empty, 2, empty, 2, more);
    String list = "/v2/ship/hold/referrers/" + subject;
    assertThat(texts(registry.get(list), "manifests")).isEmpty();

    Answer put = registry.put("ship/hold", Digest.of(seal).toString(), seal);

    assertThat(put.header("OCI-Subject")).isEqualTo(subject.toString());
    Answer all = registry.get(list);
    assertThat(all.header("Content-Type")).isEqualTo(ServedRegistry.INDEX);
    assertThat(all.text())
        .contains(Digest.of(seal).toString(), "\"application/x-seal\"", "\"by\":\"mate\"")
        .contains("\"size\":" + seal.length);
    Answer filtered = registry.get(list + "?artifactType=application/x-seal");
    assertThat(filtered.header("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(texts(filtered, "manifests")).hasSize(1);
    assertThat(texts(registry.get(list + "?artifactType=other/x"), "manifests")).isEmpty();
    registry.delete("/v2/ship/hold/manifests/" + Digest.of(seal));
    assertThat(texts(registry.get(list), "manifests")).isEmpty();
  }

  @Test
  void tagsAndRepositoriesAreListedInPages() throws IOException {
    for (String tag : new String[] {"c", "a", "b"}) {
      registry.image("ship/hold", tag, "layer");
    }
    registry.image("ark", "a", "layer");

    Answer first = registry.get("/v2/ship/hold/tags/list?n=2");
    assertThat(texts(first, "tags")).containsExactly("a", "b");
    assertThat(first.header("Link"))
        .isEqualTo("</v2/ship/hold/tags/list?last=b&n=2>; rel=\"next\"");
    Answer second = registry.get("/v2/ship/hold/tags/list?last=b&n=2");
    assertThat(texts(second, "tags")).containsExactly("c");
    assertThat(second.header("Link")).isNull();
    assertThat(texts(registry.get("/v2/ship/hold/tags/list?n=0"), "tags")).isEmpty();
    Answer catalog = registry.get("/v2/_catalog?n=1");
    assertThat(texts(catalog, "repositories")).containsExactly("ark");
    assertThat(texts(registry.get("/v2/_catalog?last=ark"), "repositories"))
        .containsExactly("ship/hold");
    assertThat(registry.get("/v1/search?q=hold").text()).contains("\"name\":\"ship/hold\"");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v2/none/tags/list, 404, NAME_UNKNOWN",
    "GET, /v2/none/manifests/v1, 404, MANIFEST_UNKNOWN",
    "GET, /v2/UPPER/tags/list, 400, NAME_INVALID",
    "GET, /v2/a/../b/tags/list, 400, NAME_INVALID",
    "GET, /v2/a%2e%2e/b/tags/list, 400, NAME_INVALID",
    "GET, /v2/%2e%2e/%2e%2e/etc/blobs/uploads/x, 400, NAME_INVALID",
    "GET, /v2//a/tags/list, 400, NAME_INVALID",
    "GET, /v2/_uploads/tags/list, 400, NAME_INVALID",
    "GET, /v2/a/blobs/sha256:abc, 400, DIGEST_INVALID",
    "GET, /v2/a/blobs/md5:d41d8cd98f00b204e9800998ecf8427e, 400, DIGEST_INVALID",
    "GET, /v2/a/blobs/uploads/no-upload, 404, BLOB_UPLOAD_UNKNOWN",
    "GET, /v2/a/blobs/uploads/..%2f..%2fetc, 404, BLOB_UPLOAD_UNKNOWN",
    "PUT, /v2/a/blobs/uploads/0123456789abcdef0123456789abcdef, 400, DIGEST_INVALID",
    "GET, /v2/_catalog?n=-1, 400, PAGINATION_NUMBER_INVALID",
    "GET, /v2/_catalog?n=x, 400, PAGINATION_NUMBER_INVALID",
    "DELETE, /v2/, 405, UNSUPPORTED",
    "POST, /v2/a/manifests/v1, 405, UNSUPPORTED",
    "PUT, /v2/a/blobs/uploads/, 405, UNSUPPORTED"
  })
  void whatCannotBeIsRefusedInTheProtocolsWords(
      String method, String target, int status, String code) throws IOException {
    Answer answer = registry.send(method, target, Map.of(), null);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/_catalog?n=2147483647", "/v2/_catalog?n=99999999999999"})
  void hugePagesAreCut(String target) throws IOException {
    registry.image("ark", "a", "layer");

    assertThat(texts(registry.get(target), "repositories")).containsExactly("ark");
  }

  @Test
  void healthAndMetricsAreThere() throws IOException {
    registry.get("/v2/");

    assertThat(registry.get("/healthz").status()).isEqualTo(200);
    assertThat(registry.get("/metrics").text())
        .contains(
            "djong_registry_requests_total{route=\"base\",method=\"GET\",status=\"200\"} 1\n");
  }
}
