package io.djong.layers.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarLimits;
import io.djong.content.tar.TarReader;
import io.djong.layers.Tars;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TarReaderTest {
  private static byte[] archive() {
    return new Tars().file("cargo", "c".repeat(2000)).file("x".repeat(300), "long").bytes();
  }

  private static void readAll(byte[] bytes, TarLimits limits) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(bytes), limits);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      assertThat(reader.content().readAllBytes().length).isEqualTo((int) entry.size());
    }
  }

  @Test
  void whatIsTruncatedSaysWhere() {
    assertThatThrownBy(() -> readAll(Arrays.copyOf(archive(), 2500), TarLimits.DEFAULT))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("truncated")
        .hasMessageContaining("cargo");
  }

  @Test
  void whatIsBeyondTheLimitsIsRefused() {
    byte[] archive = archive();

    for (TarLimits limits :
        new TarLimits[] {
          new TarLimits(1, 4096, 1 << 20, 1 << 20),
          new TarLimits(10, 299, 1 << 20, 1 << 20),
          new TarLimits(10, 4096, 100, 1 << 20)
        }) {
      assertThatThrownBy(() -> readAll(archive, limits)).isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  void aWrongCheckSumIsNoticed() {
    byte[] archive = archive();
    archive[0] ^= 1;

    assertThatThrownBy(() -> readAll(archive, TarLimits.DEFAULT))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("check sum");
  }

  @Test
  void noDamageIsMoreThanAFault() {
    byte[] good = archive();
    Random random = new Random(42);
    for (int round = 0; round < 3000; round++) {
      byte[] bad = good.clone();
      int at = random.nextInt(good.length / 512) * 512;
      for (int i = 0; i < 3; i++) {
        bad[at + random.nextInt(512)] = (byte) random.nextInt();
      }
      mend(bad, at);
      try {
        readAll(bad, TarLimits.DEFAULT);
      } catch (Fault.Invalid e) {
        assertThat(e).hasMessageContaining("tar archive");
      } catch (IOException e) {
        throw new AssertionError("reading from memory", e);
      }
    }
  }

  /// So that damage gets past the check sum.
  private static void mend(byte[] archive, int header) {
    Arrays.fill(archive, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += Byte.toUnsignedInt(archive[header + i]);
    }
    byte[] octal = String.format("%06o", sum).getBytes(UTF_8);
    System.arraycopy(octal, 0, archive, header + 148, 6);
    archive[header + 154] = 0;
  }
}
