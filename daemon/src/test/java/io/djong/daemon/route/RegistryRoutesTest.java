package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryRoutesTest {
  private final ServedRoutes served;

  RegistryRoutesTest() throws IOException {
    served = new ServedRoutes();
  }

  @AfterEach
  void close() throws IOException {
    served.close();
  }

  private static Map<String, String> auth(String json) {
    return Map.of("X-Registry-Auth", Base64.getUrlEncoder().encodeToString(json.getBytes(UTF_8)));
  }

  @Test
  void aPullTellsWhatItDoesAndOnceForEachPart() throws IOException {
    ServedRoutes.Answer answer =
        served.ask(
            "POST",
            "/images/create?fromImage=localhost:5000/b&tag=1&platform=linux/arm64/v8",
            auth("{\"username\":\"me\",\"password\":\"x\"}"),
            null);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("{\"status\":\"Pull complete\",\"progressDetail\":{\"current\":0},");
    assertThat(served.engine.registries.asked)
        .containsExactly("pull localhost:5000/b:1 for linux/arm64/v8 as me:x");
  }

  @Test
  void aPullWithoutATagBringsAllAndADigestOne() throws IOException {
    served.ask("POST", "/images/create?fromImage=b");
    served.ask("POST", "/images/create?fromImage=b:1");
    served.ask("POST", "/images/create?fromImage=b&tag=sha256:" + "0".repeat(64));

    assertThat(served.engine.registries.asked)
        .containsExactly(
            "pull all docker.io/library/b as None[]",
            "pull docker.io/library/b:1 for null as None[]",
            "pull docker.io/library/b@sha256:" + "0".repeat(64) + " for null as None[]");
  }

  @Test
  void credentialsOfAnotherRegistryAreNotUsed() throws IOException {
    for (String server : new String[] {"other.example", "http://localhost:5000/v2/"}) {
      served.ask(
          "POST",
          "/images/create?fromImage=localhost:5000/b&tag=1",
          auth("{\"username\":\"me\",\"password\":\"x\",\"serveraddress\":\"" + server + "\"}"),
          null);
    }

    assertThat(served.engine.registries.asked)
        .containsExactly(
            "pull localhost:5000/b:1 for null as None[]",
            "pull localhost:5000/b:1 for null as me:x");
  }

  @Test
  void whatCannotBeReadOfASecretIsNotShown() throws IOException {
    ServedRoutes.Answer answer =
        served.ask(
            "POST",
            "/images/create?fromImage=b&tag=1",
            auth("{\"username\":\"me\",\"password\":canary}"),
            null);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain("canary");
    assertThat(served.post("/auth", "{\"password\":canary}").body()).doesNotContain("canary");
  }

  @Test
  void aPushEndsWithItsDigestForPrograms() throws IOException {
    ServedRoutes.Answer answer = served.ask("POST", "/images/localhost:5000/a/b/push?tag=1");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"aux\":{\"Tag\":\"1\",\"Digest\":\"" + FakeRegistries.MANIFEST.digest() + "\"");
    served.ask("POST", "/images/localhost:5000/a/b/push");
    assertThat(served.engine.registries.asked)
        .containsExactly(
            "push localhost:5000/a/b:1 as None[]",
            "push localhost:5000/a/b:a as None[]",
            "push localhost:5000/a/b:b as None[]");
  }

  @Test
  void aLoginSucceedsOrIsRefusedWithStatus401() throws IOException {
    ServedRoutes.Answer good =
        served.post(
            "/auth",
            "{\"username\":\"me\",\"password\":\"x\",\"serveraddress\":\"https://index.docker.io/v1/\"}");
    ServedRoutes.Answer bad =
        served.post(
            "/auth", "{\"username\":\"me\",\"password\":\"wrong\",\"serveraddress\":\"h:1\"}");

    assertThat(good.body()).isEqualTo("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"\"}");
    assertThat(bad.status()).isEqualTo(401);
    assertThat(bad.body()).contains("unauthorized");
    assertThat(served.engine.registries.asked.getFirst()).isEqualTo("login docker.io as me:x");
  }

  @Test
  void anImageIsLookedAtAndRepositoriesAreFound() throws IOException {
    assertThat(served.ask("GET", "/distribution/localhost:5000/a/b:1/json").body())
        .contains("\"Descriptor\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"")
        .contains("\"architecture\":\"amd64\",\"os\":\"linux\"");
    assertThat(served.ask("GET", "/images/search?term=b&limit=5").body())
        .contains("\"star_count\":3,\"is_official\":true,\"name\":\"busybox\"");
    assertThat(
            served
                .ask("GET", "/images/search?term=b&filters=%7B%22stars%22%3A%5B%222%22%5D%7D")
                .body())
        .contains("busybox")
        .doesNotContain("other");
    assertThat(served.ask("GET", "/images/search?term=b&limit=101").status()).isEqualTo(400);
  }
}
