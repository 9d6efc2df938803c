package io.djong.registry.server;

import static io.djong.registry.server.ServedRegistry.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import io.djong.registry.server.ServedRegistry.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may do what, by password and by token.
class AccessTest {
  private static String config(Path users) {
    return """
        {"htpasswd": "%s", "token": {"service": "harbour"},
         "rules": [
           {"users": ["mate"], "repositories": ["open/*", "team/*"], "actions": ["pull", "push"]},
           {"users": ["captain"], "repositories": ["*"], "actions": ["*"]},
           {"users": ["*"], "repositories": ["home/${user}/*"], "actions": ["*"]},
           {"users": ["anonymous"], "repositories": ["open/*"], "actions": ["pull"]}]}
        """
        .formatted(users);
  }

  @TempDir Path folder;
  private ServedRegistry registry;
  private Digest image;

  @BeforeEach
  void serve() throws IOException {
    Path users = folder.resolve("htpasswd");
    Files.writeString(users, user("mate") + user("captain") + "# a comment\n");
    registry = new ServedRegistry(folder.resolve("root"), config(users));
    registry.always(basic("captain"));
    image = registry.image("open/app", "v1", "layer");
    registry.image("secret/app", "v1", "hidden");
    registry.always(Map.of());
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static String user(String name) {
    return name + ":" + BCrypt.withDefaults().hashToString(4, name.toCharArray()) + "\n";
  }

  private static Map<String, String> basic(String user) {
    return Map.of("Authorization", new Credentials.Password(user, user).header());
  }

  private Map<String, String> who(String user) throws IOException {
    return switch (user) {
      case "nobody" -> Map.of();
      case "token-of-mate" -> bearer("mate", "team/app:pull,push,delete");
      default -> basic(user);
    };
  }

  private Map<String, String> bearer(String user, String scope) throws IOException {
    Answer answer =
        registry.send("GET", "/token?service=harbour&scope=repository:" + scope, basic(user), null);
    assertThat(answer.status()).isEqualTo(200);
    Object token = ((Map<?, ?>) Json.lean().readTree(answer.body())).get("token");
    return Map.of("Authorization", "Bearer " + token);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody, pull, open/app, 200",
    "nobody, pull, secret/app, 401",
    "nobody, referrers, secret/app, 401",
    "nobody, push, open/app, 401",
    "nobody, delete, open/app, 401",
    "mate, pull, open/app, 200",
    "mate, pull, secret/app, 403",
    "mate, referrers, secret/app, 403",
    "mate, push, team/app, 202",
    "mate, push, secret/app, 403",
    "mate, push, home/mate/app, 202",
    "mate, push, home/captain/app, 403",
    "mate, delete, open/app, 403",
    "captain, pull, secret/app, 200",
    "captain, push, secret/app, 202",
    "captain, delete, secret/app, 202",
    "token-of-mate, push, team/app, 202",
    "token-of-mate, push, open/app, 401",
    "token-of-mate, delete, team/app, 401",
    "token-of-mate, pull, secret/app, 401"
  })
  void everybodyMayWhatARuleAllows(String user, String verb, String repository, int status)
      throws IOException {
    String target = "/v2/" + repository;

    Answer answer =
        switch (verb) {
          case "pull" -> registry.send("GET", target + "/manifests/v1", who(user), null);
          case "referrers" -> registry.send("GET", target + "/referrers/" + image, who(user), null);
          case "push" -> registry.send("POST", target + "/blobs/uploads/", who(user), null);
          default -> registry.send("DELETE", target + "/manifests/v1", who(user), null);
        };

    assertThat(answer.status()).isEqualTo(status);
    if (status == 401) {
      assertThat(code(answer)).isEqualTo("UNAUTHORIZED");
    } else if (status == 403) {
      assertThat(code(answer)).isEqualTo("DENIED");
    }
  }

  @Test
  void whoIsNobodyLearnsWhereToGetAToken() throws IOException {
    String base = registry.get("/v2/").header("WWW-Authenticate");
    String pull = registry.get("/v2/secret/app/manifests/v1").header("WWW-Authenticate");

    assertThat(base)
        .isEqualTo("Bearer realm=\"http://" + registry.host() + "/token\",service=\"harbour\"");
    assertThat(pull).contains(",scope=\"repository:secret/app:pull\"");
  }

  @Test
  void aMountFromWhatOneMayNotPullIsAnUploadLikeFromWhatIsNotThere() throws IOException {
    Digest hidden = Digest.of("hidden".getBytes(UTF_8));
    String mount = "/v2/team/app/blobs/uploads/?mount=" + hidden;

    Answer secret = registry.send("POST", mount + "&from=secret/app", basic("mate"), null);
    Answer absent = registry.send("POST", mount + "&from=absent/app", basic("mate"), null);
    Answer anywhere = registry.send("POST", mount, basic("mate"), null);

    assertThat(List.of(secret.status(), absent.status(), anywhere.status()))
        .containsExactly(202, 202, 202);
    assertThat(secret.headers().keySet()).isEqualTo(absent.headers().keySet());
  }

  @Test
  void aWrongPasswordIsRefusedAlsoWhereNobodyNeedsOne() throws IOException {
    Map<String, String> wrong =
        Map.of("Authorization", new Credentials.Password("mate", "x").header());

    assertThat(registry.send("GET", "/v2/open/app/manifests/v1", wrong, null).status())
        .isEqualTo(401);
  }

  @Test
  void theCatalogShowsWhatOneMayPull() throws IOException {
    Answer answer = registry.send("GET", "/v2/_catalog", basic("mate"), null);

    assertThat(ServedRegistry.texts(answer, "repositories")).containsExactly("open/app");
  }

  @Test
  void whoSetsTokensAloneIsNotOpenToEverybody() throws IOException {
    for (String token : List.of("{}", "{\"service\":\"harbour\"}")) {
      try (ServedRegistry closed =
          new ServedRegistry(folder.resolve("closed"), "{\"token\":" + token + "}")) {
        assertThat(closed.get("/v2/").status()).isEqualTo(401);
        assertThat(closed.get("/v2/").header("WWW-Authenticate")).startsWith("Bearer realm=");
        assertThat(closed.post("/v2/open/app/blobs/uploads/").status()).isEqualTo(401);
      }
    }
  }

  @Test
  void aTokenForTheCatalogShowsWhatItsBearerMayPull() throws IOException {
    String challenge = registry.get("/v2/_catalog").header("WWW-Authenticate");
    Map<String, String> token = bearer("mate", "team/app:pull&scope=registry:catalog:*");
    Map<String, String> all = bearer("captain", "team/app:pull&scope=registry:catalog:*");

    assertThat(challenge).contains(",scope=\"registry:catalog:*\"");
    assertThat(
            ServedRegistry.texts(registry.send("GET", "/v2/_catalog", token, null), "repositories"))
        .containsExactly("open/app");
    assertThat(
            ServedRegistry.texts(registry.send("GET", "/v2/_catalog", all, null), "repositories"))
        .containsExactly("open/app", "secret/app");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"alg\":\"none\"}'",
    "'{\"alg\":\"HS256\"}'",
    "'{\"alg\":\"ES256\",\"kid\":\"../../../dev/null\"}'",
    "'{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}'"
  })
  void aForgedTokenIsRefused(String header) throws IOException {
    String claims =
        "{\"iss\":\"djong\",\"aud\":\"harbour\",\"sub\":\"captain\",\"exp\":9999999999,"
            + "\"access\":[{\"type\":\"repository\",\"name\":\"secret/app\","
            + "\"actions\":[\"pull\"]}]}";
    for (String signature : new String[] {"", "AAAA"}) {
      String token = part(header) + "." + part(claims) + "." + signature;

      Answer answer =
          registry.send(
              "GET",
              "/v2/secret/app/manifests/v1",
              Map.of("Authorization", "Bearer " + token),
              null);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }
  }

  @Test
  void aTokenWhoseClaimsWereChangedIsRefused() throws IOException {
    String token = bearer("mate", "team/app:pull").getOrDefault("Authorization", "").substring(7);
    String[] parts = token.split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String forged =
        parts[0] + "." + part(claims.replace("team/app", "secret/app")) + "." + parts[2];

    assertThat(
            registry
                .send(
                    "GET",
                    "/v2/secret/app/manifests/v1",
                    Map.of("Authorization", "Bearer " + forged),
                    null)
                .status())
        .isEqualTo(401);
  }

  @Test
  void aTokenBuysNoFurtherToken() throws IOException {
    Map<String, String> token = bearer("captain", "secret/app:pull");

    assertThat(
            registry.send("GET", "/token?scope=repository:secret/app:push", token, null).status())
        .isEqualTo(401);
  }

  @Test
  void aUserThatIsTakenOutOfTheFileIsRefused() throws IOException {
    Path users = folder.resolve("htpasswd");
    Files.writeString(users, user("captain"));
    Files.setLastModifiedTime(users, java.nio.file.attribute.FileTime.fromMillis(1000));

    assertThat(registry.send("GET", "/v2/", basic("mate"), null).status()).isEqualTo(401);
    assertThat(registry.send("GET", "/v2/", basic("captain"), null).status()).isEqualTo(200);
  }

  @Test
  void aKeyThatNobodyKnowsIsAnError() throws IOException {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, "{\"token\": {\"sevrice\": \"x\"}}");

    assertThatThrownBy(
            () ->
                ServerSettingsReader.read(
                    List.of("--root", folder.toString(), "--config", file.toString())))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("token.sevrice");
  }

  private static String part(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }
}
