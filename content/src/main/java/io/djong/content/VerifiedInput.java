package io.djong.content;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one way to read bytes that came from elsewhere: a registry, an archive, a disk. It gives no
/// more bytes than the descriptor says, and its end is reached only if they are those of the
/// digest. Until then, nothing that was read may be believed: whoever stops early has not verified
/// ([#isVerified] stays false).
///
/// A read throws [Fault.Invalid] if there are more or fewer bytes than promised, or others; it does
/// so again when asked again. For one thread. Closing closes the wrapped stream.
public final class VerifiedInput extends InputStream {
  private final InputStream in;
  private final Descriptor promised;
  private final MessageDigest hash;
  private long position;
  private boolean verified;
  private @Nullable String refusal;

  public VerifiedInput(InputStream in, Descriptor promised) {
    this.in = in;
    this.promised = promised;
    this.hash = Digest.newHash(promised.digest().algorithm());
  }

  /// Reads a small document whole and closes the stream.
  ///
  /// @param limit the most bytes the descriptor may promise
  /// @throws Fault.Invalid if it promises more, or the bytes are not those it promises
  public static byte[] readAll(InputStream in, Descriptor promised, int limit) throws IOException {
    try (VerifiedInput verified = new VerifiedInput(in, promised)) {
      if (promised.size() > limit) {
        throw new Fault.Invalid(
            promised.digest()
                + " is too large: "
                + promised.size()
                + " bytes, where at most "
                + limit
                + " are accepted");
      }
      return verified.readAllBytes();
    }
  }

  /// Verifies bytes that are already at hand.
  ///
  /// @throws Fault.Invalid if they are not those of the descriptor
  public static void verify(byte[] bytes, Descriptor promised) throws IOException {
    readAll(new ByteArrayInputStream(bytes), promised, Integer.MAX_VALUE);
  }

  /// Whether all bytes were read, to the end, and are those of the descriptor.
  public boolean isVerified() {
    return verified;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (refusal != null) {
      throw new Fault.Invalid(refusal);
    }
    if (verified) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    long left = promised.size() - position;
    if (left == 0) {
      finish();
      return -1;
    }
    int n = in.read(bytes, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw refuse("it ended after " + position + " of " + promised.size() + " bytes");
    }
    hash.update(bytes, offset, n);
    position += n;
    return n;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void finish() throws IOException {
    if (in.read() >= 0) {
      throw refuse("it goes on after the promised " + promised.size() + " bytes");
    }
    Digest found = Digest.ofHash(promised.digest().algorithm(), hash.digest());
    if (!found.equals(promised.digest())) {
      throw refuse("its bytes have the digest " + found);
    }
    verified = true;
  }

  private Fault.Invalid refuse(String why) {
    refusal = "content " + promised.digest() + " is not what was promised: " + why;
    return new Fault.Invalid(refusal);
  }
}
