package io.djong.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Digest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtocolWordsTest {
  private static final Digest DIGEST = Digest.of("cargo".getBytes(UTF_8));

  @Test
  void pathsAreReadAsTheyAreWritten() {
    for (RegistryPath path :
        List.of(
            new RegistryPath.Base(),
            new RegistryPath.Catalog(),
            new RegistryPath.Tags("a/b"),
            new RegistryPath.ManifestAt("a/b", "1.0"),
            new RegistryPath.ManifestAt("blobs/uploads", DIGEST.toString()),
            new RegistryPath.Blob("a", DIGEST),
            new RegistryPath.Uploads("a/blobs"),
            new RegistryPath.Upload("a", "id"),
            new RegistryPath.Referrers("a", DIGEST))) {
      assertThat(RegistryPath.parse(path.toString())).isEqualTo(path);
    }
    assertThat(RegistryPath.parse("/v2/a")).isNull();
    assertThat(RegistryPath.parse("/v1/a/tags/list")).isNull();
  }

  @Test
  void pathsThatCannotBeAreRefusedInTheProtocolsWords() {
    refused("/v2/../x/tags/list", RegistryError.NAME_INVALID);
    refused("/v2/a/%2e%2e/tags/list", RegistryError.NAME_INVALID);
    refused("/v2/A/manifests/x", RegistryError.NAME_INVALID);
    refused("/v2/a//b/manifests/x", RegistryError.NAME_INVALID);
    refused("/v2/a/manifests/.x", RegistryError.TAG_INVALID);
    refused("/v2/a/blobs/sha256:..", RegistryError.DIGEST_INVALID);
    refused("/v2/" + "a".repeat(256) + "/tags/list", RegistryError.NAME_INVALID);
  }

  private static void refused(String path, RegistryError error) {
    assertThatThrownBy(() -> RegistryPath.parse(path))
        .isInstanceOfSatisfying(
            RegistryFault.class, fault -> assertThat(fault.error()).isEqualTo(error));
  }

  @Test
  void errorsGoThroughTheirBody() {
    ErrorBody body = ErrorBody.of(RegistryError.DENIED, "not you", Map.of("a", "b"));

    assertThat(ErrorBody.read(body.bytes())).isEqualTo(body);
    assertThat(ErrorBody.read("<html>".getBytes(UTF_8)).errors()).isEmpty();
    assertThat(ErrorBody.read("{\"details\":\"no\"}".getBytes(UTF_8)).errors().getFirst().message())
        .isEqualTo("no");
  }

  @Test
  void challengesAreReadWithTheirQuotesAndCommas() {
    List<Challenge> all =
        Challenge.parse(
            "Bearer realm=\"https://a/token\",service=\"r, \\\"x\\\"\",scope=\"repository:a:pull,push\","
                + " Basic realm=\"b\"");

    assertThat(all).hasSize(2);
    assertThat(all.getFirst().scheme()).isEqualTo("bearer");
    assertThat(all.getFirst().parameter("Service")).isEqualTo("r, \"x\"");
    assertThat(all.getFirst().parameter("scope")).isEqualTo("repository:a:pull,push");
    assertThat(all.getLast()).isEqualTo(new Challenge("basic", Map.of("realm", "b")));
    assertThat(Challenge.parse(all.getFirst().toString())).containsExactly(all.getFirst());
    assertThat(Challenge.parse("Negotiate, Basic realm=x")).hasSize(2);
    assertThat(Challenge.parse("=\"")).isEmpty();
  }

  @Test
  void rangesAreReadAsTheStandardHasThem() {
    assertThat(ByteRange.ofRequest("bytes=0-0", 10)).isEqualTo(new ByteRange(0, 0));
    assertThat(ByteRange.ofRequest("bytes=5-", 10)).isEqualTo(new ByteRange(5, 9));
    assertThat(ByteRange.ofRequest("bytes=-3", 10)).isEqualTo(new ByteRange(7, 9));
    assertThat(ByteRange.ofRequest("bytes=-30", 10)).isEqualTo(new ByteRange(0, 9));
    assertThat(ByteRange.ofRequest("bytes=3-99", 10)).isEqualTo(new ByteRange(3, 9));
    assertThat(ByteRange.ofRequest("bytes=3-2", 10)).isNull();
    assertThat(ByteRange.ofRequest("bytes=0-1,3-4", 10)).isNull();
    assertThat(ByteRange.ofRequest("bytes=99999999999999999999-", 10)).isNull();
    assertThatThrownBy(() -> ByteRange.ofRequest("bytes=10-", 10))
        .isInstanceOf(RegistryFault.class);
    assertThat(ByteRange.parse("bytes 3-9/10")).isEqualTo(new ByteRange(3, 9));
    assertThat(ByteRange.parse("0-9")).isEqualTo(new ByteRange(0, 9));
    assertThat(ByteRange.parse("9-0")).isNull();
    assertThat(ByteRange.parse("-9")).isNull();
  }

  @Test
  void scopesMayHoldAPortAndSeveralActions() {
    Scope scope = Scope.parse("repository:host:5000/a/b:push,pull");

    assertThat(scope).isEqualTo(Scope.repository("host:5000/a/b", "pull", "push"));
    assertThat(Scope.parseAll("repository:a:pull nonsense registry:catalog:*")).hasSize(2);
  }

  @Test
  void credentialsTellNoSecret() {
    Credentials.Password password = new Credentials.Password("u", "canary:x");

    assertThat(Credentials.Password.parse(password.header())).isEqualTo(password);
    assertThat(password.toString()).doesNotContain("canary");
    assertThat(new Credentials.IdentityToken("u", "canary").toString()).doesNotContain("canary");
    assertThat(new Credentials.RegistryToken("canary").toString()).doesNotContain("canary");
  }

  @Test
  void theNextPageIsFoundInALink() {
    assertThat(PageLink.target(PageLink.next("/v2/_catalog?last=a&n=1")))
        .isEqualTo("/v2/_catalog?last=a&n=1");
    assertThat(PageLink.target("</x>; rel=\"prev\"")).isNull();
  }

  @Test
  void searchResultsGoThroughTheirBody() {
    SearchAnswer answer =
        new SearchAnswer(
            "bus", List.of(new SearchAnswer.Result("busybox", "tools", 3, true, false)));

    assertThat(SearchAnswer.read(answer.bytes())).isEqualTo(answer);
  }
}
