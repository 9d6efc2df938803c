package io.djong.content.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.djong.linux.IsalInflater;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The library must never answer anything else than the JDK does.
class DeflateReaderTest {
  private final Random random = new Random(42);

  @BeforeEach
  void theLibraryIsInstalled() {
    assumeThat(IsalInflater.isPresent()).as("libisal2 is installed").isTrue();
  }

  @Test
  void theLibraryInflatesWhateverTheJdkDeflates() throws IOException {
    for (int i = 0; i < 60; i++) {
      byte[] plain = plain(random.nextInt(1, 1 << random.nextInt(1, 20)));
      byte[] packed = gzip(plain, random.nextInt(0, 10));

      assertThat(read(packed, DeflateReader.Isal::new, 1 + random.nextInt(100_000)))
          .isEqualTo(plain);
    }
  }

  @Test
  void theLibraryInflatesAStreamThatComesByteByByteInSeveralMembers() throws IOException {
    byte[] first = plain(70_000);
    byte[] second = plain(300);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip(first, 9));
    both.write(gzip(second, 1));
    byte[] plain = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, plain, first.length, second.length);

    assertThat(read(both.toByteArray(), DeflateReader.Isal::new, 1)).isEqualTo(plain);
  }

  @Test
  void theLibraryRefusesWhatTheJdkRefuses() throws IOException {
    for (int i = 0; i < 1500; i++) {
      byte[] packed = gzip(plain(random.nextInt(1, 5000)), random.nextInt(0, 10));
      byte[] damaged = random.nextBoolean() ? packed.clone() : cut(packed);
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      int step = 1 + random.nextInt(3000);

      assertThat(answer(damaged, DeflateReader.Isal::new, step))
          .isEqualTo(answer(damaged, DeflateReader.Jdk::new, step));
    }
  }

  private byte[] cut(byte[] packed) {
    return Arrays.copyOf(packed, 1 + random.nextInt(packed.length));
  }

  /// What comes out, or that it was refused.
  private static String answer(byte[] packed, Supplier<DeflateReader> reader, int step)
      throws IOException {
    try {
      return Arrays.toString(read(packed, reader, step));
    } catch (Fault.Invalid e) {
      return "refused";
    }
  }

  private static byte[] read(byte[] packed, Supplier<DeflateReader> reader, int step)
      throws IOException {
    InputStream inSteps =
        new ByteArrayInputStream(packed) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, step));
          }
        };
    try (GzipInput in = new GzipInput(inSteps, reader.get())) {
      return in.readAllBytes();
    }
  }

  private byte[] plain(int length) {
    byte[] bytes = new byte[length];
    int kinds = 1 + random.nextInt(255);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i > 10 && random.nextInt(4) > 0 ? bytes[i - 7] : random.nextInt(kinds));
    }
    return bytes;
  }

  private static byte[] gzip(byte[] plain, int level) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packing =
        new GZIPOutputStream(out) {
          {
            def.setLevel(level);
            def.setStrategy(level == 9 ? Deflater.FILTERED : Deflater.DEFAULT_STRATEGY);
          }
        }) {
      packing.write(plain);
    }
    return out.toByteArray();
  }
}
