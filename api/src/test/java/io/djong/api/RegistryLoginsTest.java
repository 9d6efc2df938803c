package io.djong.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryLoginsTest {
  @TempDir Path folder = Path.of("");

  private static AuthConfig ann(String password, String token) {
    return new AuthConfig("ann", password, null, null, null, token.isEmpty() ? null : token, null);
  }

  private String header(String host) throws Exception {
    String header = new RegistryLogins(folder).header(host);
    return header == null ? "nobody" : new String(Base64.getUrlDecoder().decode(header), UTF_8);
  }

  @Test
  void aLoginIsKeptAsDockerKeepsItAndTheRestOfTheFileStays() throws Exception {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{\"psFormat\":\"x\",\"auths\":{\"other:1\":{\"auth\":\"YTpi\"}}}");
    RegistryLogins logins = new RegistryLogins(folder);

    logins.keep("host:5000", ann("se:cret", ""));
    logins.keep("docker.io", ann("", "token"));

    assertThat(Files.readString(file))
        .contains("\"psFormat\":\"x\"", "\"host:5000\":{\"auth\":\"YW5uOnNlOmNyZXQ=\"}")
        .contains("\"https://index.docker.io/v1/\"", "\"identitytoken\":\"token\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(header("host:5000"))
        .isEqualTo(
            "{\"username\":\"ann\",\"password\":\"se:cret\",\"serveraddress\":\"host:5000\"}");
    assertThat(header("docker.io")).contains("\"identitytoken\":\"token\"");
    assertThat(header("other:1")).contains("\"password\":\"b\"");
    assertThat(header("stranger")).isEqualTo("nobody");
  }

  @Test
  void aLogoutForgetsThatRegistryAlone() throws Exception {
    RegistryLogins logins = new RegistryLogins(folder);
    logins.keep("a:1", ann("x", ""));
    logins.keep("b:1", ann("y", ""));

    assertThat(logins.forget("a:1")).isTrue();
    assertThat(logins.forget("a:1")).isFalse();
    assertThat(header("a:1")).isEqualTo("nobody");
    assertThat(header("b:1")).contains("\"y\"");
  }

  @Test
  void aRegistryIsTheSameHoweverItIsWritten() {
    assertThat(RegistryLogins.host("https://host:5000/v2/")).isEqualTo("host:5000");
    assertThat(RegistryLogins.host("https://index.docker.io/v1/")).isEqualTo("docker.io");
    assertThat(RegistryLogins.host("")).isEqualTo("docker.io");
  }
}
