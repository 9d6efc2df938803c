package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class VerifiedInputTest {
  private static final byte[] CARGO = "cargo".getBytes(UTF_8);
  private static final Descriptor PROMISED = Descriptor.of("text/plain", CARGO);

  @Test
  void whatWasPromisedGoesThrough() throws IOException {
    try (VerifiedInput in = new VerifiedInput(new ByteArrayInputStream(CARGO), PROMISED)) {
      assertThat(in.readAllBytes()).isEqualTo(CARGO);
      assertThat(in.isVerified()).isTrue();
      assertThat(in.read()).isNegative();
    }
  }

  @Test
  void bytesOneByOneGoThrough() throws IOException {
    try (VerifiedInput in = new VerifiedInput(new ByteArrayInputStream(CARGO), PROMISED)) {
      for (byte b : CARGO) {
        assertThat(in.read()).isEqualTo(b);
      }
      assertThat(in.isVerified()).isFalse();
      assertThat(in.read()).isNegative();
      assertThat(in.isVerified()).isTrue();
    }
  }

  @Test
  void fewerBytesAreRefused() throws IOException {
    refuses("carg", PROMISED, "ended after 4 of 5");
  }

  @Test
  void moreBytesAreRefusedAndNotGiven() throws IOException {
    refuses("cargo!", PROMISED, "goes on");

    try (InputStream in = new VerifiedInput(new EndlessZeros(), PROMISED)) {
      assertThat(in.read(new byte[100])).isEqualTo(5);
    }
  }

  @Test
  void otherBytesAreRefused() throws IOException {
    refuses("curse", PROMISED, "digest");
  }

  @Test
  void sha512IsVerifiedToo() throws IOException {
    Digest digest = Digest.ofHash(Digest.SHA512, Digest.newHash(Digest.SHA512).digest(CARGO));
    Descriptor promised = Descriptor.of("text/plain", digest, 5);

    VerifiedInput.verify(CARGO, promised);
    refuses("curse", promised, "digest");
  }

  @Test
  void whoeverStopsEarlyHasNotVerified() throws IOException {
    VerifiedInput in = new VerifiedInput(new ByteArrayInputStream(CARGO), PROMISED);

    assertThat(in.readNBytes(5)).hasSize(5);
    in.close();

    assertThat(in.isVerified()).isFalse();
  }

  @Test
  void aRefusalIsRepeated() throws IOException {
    try (InputStream in = new VerifiedInput(new ByteArrayInputStream(new byte[0]), PROMISED)) {
      assertThatThrownBy(in::read).isInstanceOf(Fault.Invalid.class);
      assertThatThrownBy(in::read).isInstanceOf(Fault.Invalid.class);
      assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  void aDocumentThatPromisesToBeTooLargeIsNotRead() {
    Descriptor huge = Descriptor.of("text/plain", Digest.of(CARGO), Long.MAX_VALUE);

    assertThatThrownBy(() -> VerifiedInput.readAll(new EndlessZeros(), huge, 1000))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("too large");
  }

  private static void refuses(String given, Descriptor promised, String why) throws IOException {
    try (VerifiedInput in =
        new VerifiedInput(new ByteArrayInputStream(given.getBytes(UTF_8)), promised)) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(Fault.Invalid.class)
          .hasMessageContaining(why);
      assertThat(in.isVerified()).isFalse();
    }
  }

  private static final class EndlessZeros extends InputStream {
    @Override
    public int read() {
      return 0;
    }
  }
}
