package io.djong.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.djong.http.HttpServer;
import io.djong.http.Listen;
import io.djong.model.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens of another issuer, whose keys are at an address.
class IssuerKeysTest {
  @TempDir Path folder = Path.of("");
  private final AtomicInteger asked = new AtomicInteger();
  private volatile byte[] served = new byte[0];
  private volatile int status = 200;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private HttpServer issuer;
  private String address = "";

  @BeforeEach
  void serve() throws IOException {
    issuer =
        HttpServer.start(
            List.of(new Listen.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
            (request, response) -> {
              asked.incrementAndGet();
              response.status(status).send(served);
            },
            HttpServer.Limits.DEFAULT);
    if (issuer.listening().getFirst() instanceof Listen.Tcp(InetSocketAddress at)) {
      address = "http://127.0.0.1:" + at.getPort() + "/keys";
    }
  }

  @AfterEach
  void end() {
    issuer.stop(Duration.ZERO);
  }

  private static ECKey key(String id) throws Exception {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  private void serves(ECKey... keys) {
    served = new JWKSet(List.<JWK>of(keys)).toString().getBytes(UTF_8); // The public halves.
  }

  private IssuerKeys keys() throws IOException {
    return IssuerKeys.at(address, null, () -> now);
  }

  @Test
  void aKeyThatIsNotKnownIsLookedForAgainButNotForEachToken() throws Exception {
    serves(key("one"));
    try (IssuerKeys keys = keys()) {
      assertThat(asked).hasValue(0);
      assertThat(keys.keys("one").getKeyByKeyId("one")).isNotNull();
      keys.keys("one");
      keys.keys(null);
      assertThat(asked).hasValue(1);

      serves(key("two"));
      for (int i = 0; i < 100; i++) {
        keys.keys("two");
      }
      assertThat(asked).hasValue(1);
      now = now.plusSeconds(31);
      assertThat(keys.keys("two").getKeyByKeyId("two")).isNotNull();
      assertThat(keys.keys("one").getKeyByKeyId("one")).isNull();
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void whileNobodyAnswersTheLastKeysCount() throws Exception {
    serves(key("one"));
    try (IssuerKeys keys = keys()) {
      keys.keys("one");
      byte[] good = served;
      for (byte[] bad : List.of("no keys".getBytes(UTF_8), new byte[300 << 10])) {
        served = bad;
        now = now.plus(Duration.ofHours(2));
        assertThat(keys.keys("one").getKeyByKeyId("one")).isNotNull();
      }
      served = good;
      status = 500;
      now = now.plus(Duration.ofHours(2));
      assertThat(keys.keys("one").getKeyByKeyId("one")).isNotNull();
      assertThat(asked).hasValue(4);
    }
  }

  @Test
  void whatAnybodyOnTheWayCouldChangeIsNoPlaceForKeys() {
    for (String place : List.of("http://keys.example/k", "https://me:x@keys.example/k")) {
      assertThatThrownBy(() -> IssuerKeys.at(place, null, () -> now))
          .isInstanceOf(Fault.Invalid.class)
          .hasMessageNotContaining("me:x");
    }
  }

  @Test
  void aTokenOfAnotherIssuerIsBelievedByItsKeys() throws Exception {
    ECKey key = key("theirs");
    serves(key);
    String config =
        "{\"token\":{\"service\":\"harbour\",\"trusted\":[{\"issuer\":\"them\",\"jwks\":\""
            + address
            + "\"}]}}";
    try (ServedRegistry registry = new ServedRegistry(folder, config)) {
      registry.always(bearer(key, "them"));
      registry.image("team/app", "v1", "layer");
      assertThat(registry.get("/v2/team/app/manifests/v1").status()).isEqualTo(200);
      assertThat(ServedRegistry.texts(registry.get("/v2/_catalog"), "repositories"))
          .containsExactly("team/app");

      registry.always(bearer(key("theirs"), "them"));
      assertThat(registry.get("/v2/team/app/manifests/v1").status()).isEqualTo(401);
      registry.always(bearer(key, "others"));
      assertThat(registry.get("/v2/team/app/manifests/v1").status()).isEqualTo(401);
    }
  }

  // The library takes Dates.
  @SuppressWarnings("JavaUtilDate")
  private static Map<String, String> bearer(ECKey key, String issuer) throws Exception {
    Map<String, Object> team =
        Map.of("type", "repository", "name", "team/app", "actions", List.of("pull", "push"));
    Map<String, Object> catalog =
        Map.of("type", "registry", "name", "catalog", "actions", List.of("*"));
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("stranger")
                .audience("harbour")
                .expirationTime(java.util.Date.from(Instant.now().plusSeconds(300)))
                .claim("access", List.of(team, catalog))
                .build());
    token.sign(new ECDSASigner(key));
    return Map.of("Authorization", "Bearer " + token.serialize());
  }
}
