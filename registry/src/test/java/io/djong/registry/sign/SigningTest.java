package io.djong.registry.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys in cosign's format, signatures, and what a policy makes of them.
class SigningTest {
  private static final byte[] PASSPHRASE = "cast off".getBytes(UTF_8);
  private static final SigningKey.Pair PAIR = SigningKey.generate(PASSPHRASE);
  private static final Reference NAME = Reference.parse("reg.example:5000/team/app:1");
  private static final Digest DIGEST = Digest.of("image".getBytes(UTF_8));

  @TempDir Path folder;

  private static ImageSignature signed(String name) {
    return ImageSignature.of(
        name, DIGEST, SigningKey.read(PAIR.privateKey(), PASSPHRASE), Instant.EPOCH);
  }

  private static void admit(TrustPolicy policy, Reference name, ImageSignature... signatures)
      throws IOException {
    policy.admit(name, DIGEST, () -> List.of(signatures));
  }

  @Test
  void aKeyIsReadWithItsPassphraseAlone() {
    assertThat(PAIR.privateKey()).startsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----");
    assertThatThrownBy(() -> SigningKey.read(PAIR.privateKey(), "wrong".getBytes(UTF_8)))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("passphrase");
    assertThat(SigningKey.read(PAIR.privateKey(), PASSPHRASE)).hasToString("SigningKey");
    assertThat(PAIR.toString()).doesNotContain("ENCRYPTED");
  }

  @Test
  void aKeyThatWantsTooMuchMemoryIsRefused() {
    String json =
        "{\"kdf\":{\"name\":\"scrypt\",\"params\":{\"N\":1073741824,\"r\":8,\"p\":1},\"salt\":\"AA==\"},"
            + "\"cipher\":{\"name\":\"nacl/secretbox\",\"nonce\":\"AA==\"},\"ciphertext\":\"AA==\"}";
    String pem = Pem.write("ENCRYPTED COSIGN PRIVATE KEY", json.getBytes(UTF_8));

    assertThatThrownBy(() -> SigningKey.read(pem, PASSPHRASE))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("too large");
  }

  @Test
  void opensslVerifiesASignature() throws Exception {
    ImageSignature signature = signed(NAME.toString());
    Path key = Files.writeString(folder.resolve("key.pub"), PAIR.publicKey());
    Path payload = Files.write(folder.resolve("payload"), signature.payload());
    Path bytes =
        Files.write(folder.resolve("signature"), Base64.getDecoder().decode(signature.signature()));
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "dgst",
                "-sha256",
                "-verify",
                key.toString(),
                "-signature",
                bytes.toString(),
                payload.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(openssl.getInputStream().readAllBytes(), UTF_8)).contains("Verified OK");
  }

  @Test
  void aSignatureOfAnotherKeyImageOrNameDoesNotCount() throws IOException {
    Path key = Files.writeString(folder.resolve("key.pub"), PAIR.publicKey());
    Path other =
        Files.writeString(folder.resolve("other.pub"), SigningKey.generate(PASSPHRASE).publicKey());
    TrustPolicy policy = policy("{\"type\":\"sigstoreSigned\",\"keyPath\":\"" + key + "\"}");
    TrustPolicy others = policy("{\"type\":\"sigstoreSigned\",\"keyPath\":\"" + other + "\"}");

    admit(policy, NAME, signed(NAME.toString()));
    assertThatThrownBy(() -> admit(policy, NAME))
        .isInstanceOf(Fault.Denied.class)
        .hasMessageContaining("no signature");
    assertThatThrownBy(() -> admit(others, NAME, signed(NAME.toString())))
        .isInstanceOf(Fault.Denied.class)
        .hasMessageContaining("by a key that is trusted");
    assertThatThrownBy(() -> admit(policy, NAME, signed("reg.example:5000/team/app:2")))
        .isInstanceOf(Fault.Denied.class)
        .hasMessageContaining("for the name");
    assertThatThrownBy(
            () ->
                policy.admit(
                    NAME,
                    Digest.of("another".getBytes(UTF_8)),
                    () -> List.of(signed(NAME.toString()))))
        .isInstanceOf(Fault.Denied.class)
        .hasMessageContaining("of another image");
    admit(
        policy,
        Reference.parse("reg.example:5000/team/app@" + DIGEST),
        signed("reg.example:5000/team/app"));
  }

  private TrustPolicy policy(String team) throws IOException {
    return TrustPolicy.read(
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{"
                + "\"reg.example:5000/team\":["
                + team
                + "],\"reg.example:5000/team/open\":[{\"type\":\"insecureAcceptAnything\"}],"
                + "\"*.example.org\":[{\"type\":\"insecureAcceptAnything\"}]}}}"));
  }

  @Test
  void theMostSpecialScopeDecides() throws IOException {
    TrustPolicy policy = policy("{\"type\":\"reject\"}");

    admit(policy, Reference.parse("reg.example:5000/team/open/x"));
    admit(policy, Reference.parse("a.b.example.org/x"));
    for (String name : List.of("reg.example:5000/team/x", "reg.example:5000/x", "busybox")) {
      assertThatThrownBy(() -> admit(policy, Reference.parse(name)))
          .isInstanceOf(Fault.Denied.class)
          .hasMessageContaining("rejected by the trust policy");
    }
    assertThat(policy.acceptsAll()).isFalse();
    assertThat(TrustPolicy.ACCEPT.acceptsAll()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPath\":\"/x\"}",
        "{\"type\":\"sigstoreSigned\"}",
        "{\"type\":\"sigstoreSigned\",\"keyData\":\"AAAA\"}",
        "{\"type\":\"sigstoreSigned\",\"fulcio\":{}}",
        "{}",
        ""
      })
  void whatAPolicySaysAndIsNotKnownIsRefused(String requirement) {
    assertThatThrownBy(() -> policy(requirement)).isInstanceOf(Fault.Invalid.class);
  }
}
