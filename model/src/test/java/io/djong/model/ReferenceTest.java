package io.djong.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox:latest, busybox:latest",
    "busybox:1.36, docker.io/library/busybox:1.36, busybox:1.36",
    "team/app, docker.io/team/app:latest, team/app:latest",
    "index.docker.io/busybox, docker.io/library/busybox:latest, busybox:latest",
    "localhost/app, localhost/app:latest, localhost/app:latest",
    "localhost:5000/a/b__c.d-e:T_1, localhost:5000/a/b__c.d-e:T_1, localhost:5000/a/b__c.d-e:T_1",
    "[::1]:5000/app, [::1]:5000/app:latest, [::1]:5000/app:latest",
  })
  void aNameIsCompletedAsDockerCompletesIt(String text, String complete, String familiar) {
    Reference reference = Reference.parse(text);

    assertThat(reference.toString()).isEqualTo(complete);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(Reference.parse(familiar)).isEqualTo(reference);
  }

  @Test
  void aDigestPinsTheNameAndKeepsTheTag() {
    Digest digest = Digest.of(new byte[0]);

    assertThat(Reference.parse("busybox:1@" + digest))
        .isEqualTo(
            new Reference.Pin(
                new Reference.Repository("docker.io", "library/busybox"), "1", digest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Busybox",
        "a//b",
        "a/../b",
        "a:",
        ":a",
        "a@sha256:12",
        "-a",
        "a-",
        "a..b",
        "a___b",
        "a b",
        "a\nb",
        "host:port/a",
        "exa_mple.com:99999999/a",
        "a:-x",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      })
  void whatIsNotAReferenceIsRefused(String text) {
    assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aHostileNameIsRefusedInLinearTime() {
    String text = "a/".repeat(500_000) + "@";

    assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(Fault.Invalid.class);
  }
}
