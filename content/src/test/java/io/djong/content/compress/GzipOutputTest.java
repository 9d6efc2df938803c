package io.djong.content.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipOutputTest {
  private static final int BLOCK = GzipOutput.BLOCK;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 12345})
  void anyReaderOfGzipGetsBackWhatWasPackedInBlocks(int length) throws IOException {
    byte[] plain = plain(length);

    byte[] packed = pack(plain, 2, 10_000);

    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
        .isEqualTo(plain);
    assertThat(new GzipInput(new ByteArrayInputStream(packed)).readAllBytes()).isEqualTo(plain);
  }

  @Test
  void theBytesAreTheSameOnAnyNumberOfCoresAndHoweverTheyCome() throws IOException {
    byte[] plain = plain(4 * BLOCK + 77);
    byte[] packed = pack(plain, 1, 1 << 20);

    assertThat(pack(plain, 2, 4096)).isEqualTo(packed);
    assertThat(pack(plain, 5, 333_333)).isEqualTo(packed);
  }

  @Test
  void blocksShareTheirDictionary() throws IOException {
    byte[] random = new byte[20_000];
    new Random(7).nextBytes(random);
    byte[] plain = new byte[BLOCK + 20_000];
    System.arraycopy(random, 0, plain, BLOCK - 20_000, 20_000);
    System.arraycopy(random, 0, plain, BLOCK, 20_000);

    assertThat(pack(plain, 2, 4096).length).isLessThan(25_000);
  }

  private static byte[] pack(byte[] plain, int cores, int step) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GzipOutput packing = new GzipOutput(out, cores)) {
      for (int at = 0; at < plain.length; at += step) {
        packing.write(plain, at, Math.min(step, plain.length - at));
      }
    }
    return out.toByteArray();
  }

  private static byte[] plain(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(60) : i >> 4);
    }
    return bytes;
  }
}
