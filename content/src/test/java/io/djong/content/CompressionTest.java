package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.djong.content.Compression.Limits;
import io.djong.model.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressionTest {
  private static final Limits WIDE = new Limits(1L << 40, 1L << 40, 1);
  private static final byte[] CARGO = "cargo ".repeat(20_000).getBytes(UTF_8);

  @Test
  void theFirstBytesTellTheCompression() throws IOException {
    assertThat(Compression.of(gzip(CARGO))).isEqualTo(Compression.GZIP);
    assertThat(Compression.of(Zstd.compress(CARGO))).isEqualTo(Compression.ZSTD);
    assertThat(Compression.of(HexFormat.of().parseHex("fd377a585a00"))).isEqualTo(Compression.XZ);
    assertThat(Compression.of("BZh91AY".getBytes(UTF_8))).isEqualTo(Compression.BZIP2);
    assertThat(Compression.of(CARGO)).isEqualTo(Compression.NONE);
    assertThat(Compression.of(new byte[0])).isEqualTo(Compression.NONE);
    assertThat(Compression.of(new byte[] {0x1f})).isEqualTo(Compression.NONE);
  }

  @Test
  void whatIsPackedComesOutAsItWas() throws IOException {
    assertThat(inflate(gzip(CARGO), WIDE)).isEqualTo(CARGO);
    assertThat(inflate(Zstd.compress(CARGO), WIDE)).isEqualTo(CARGO);
    assertThat(inflate(CARGO, WIDE)).isEqualTo(CARGO);
    assertThat(inflate(new byte[0], WIDE)).isEmpty();
    assertThat(inflate(gzip(new byte[0]), WIDE)).isEmpty();
  }

  @Test
  void theSameBytesAreAlwaysPackedTheSameWay() throws IOException {
    byte[] packed = gzip(CARGO);

    assertThat(gzip(CARGO)).isEqualTo(packed);
    assertThat(Arrays.copyOf(packed, 8))
        .isEqualTo(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0});
  }

  @Test
  void whatToolsAddBehindWhatTheyHavePackedIsRead() throws IOException {
    byte[] two = concat(gzip("first".getBytes(UTF_8)), gzip("second".getBytes(UTF_8)));
    byte[] frames =
        concat(Zstd.compress("first".getBytes(UTF_8)), Zstd.compress("second".getBytes(UTF_8)));

    assertThat(inflate(two, WIDE)).asString().isEqualTo("firstsecond");
    assertThat(inflate(frames, WIDE)).asString().isEqualTo("firstsecond");
  }

  @Test
  void membersAreFoundWhereverTheNetworkCutsThem() throws IOException {
    byte[] two = concat(gzip("first".getBytes(UTF_8)), gzip("second".getBytes(UTF_8)));

    for (int cut = 0; cut <= two.length; cut++) {
      InputStream cutUp =
          new SequenceInputStream(
              new ByteArrayInputStream(two, 0, cut),
              new ByteArrayInputStream(two, cut, two.length - cut));
      try (InputStream in = Compression.inflate(cutUp, WIDE)) {
        assertThat(in.readAllBytes()).asString().isEqualTo("firstsecond");
      }
    }
  }

  @Test
  void aStreamCutOffAnywhereIsRefused() throws IOException {
    byte[] text = "cargo of many kinds".getBytes(UTF_8);
    byte[] zipped = gzip(text);
    byte[] framed = zstd(text);

    for (int length = Compression.MAGIC_BYTES; length < zipped.length; length++) {
      refuses(Arrays.copyOf(zipped, length), WIDE, "");
    }
    for (int length = Compression.MAGIC_BYTES; length < framed.length; length++) {
      refuses(Arrays.copyOf(framed, length), WIDE, "");
    }
  }

  @Test
  void aDamagedByteNeverGivesOtherBytes() throws IOException {
    byte[] text = "cargo of many kinds".getBytes(UTF_8);
    byte[] zipped = gzip(text);

    for (int i = 10; i < zipped.length; i++) {
      byte[] damaged = zipped.clone();
      damaged[i] ^= 0x01;
      try {
        // Some bits after the last code mean nothing.
        assertThat(inflate(damaged, WIDE)).isEqualTo(text);
      } catch (Fault.Invalid e) {
        assertThat(e).hasMessageContaining("gzip");
      }
    }
  }

  @Test
  void whatFollowsTheLastMemberIsRefused() throws IOException {
    refuses(concat(gzip(CARGO), "more".getBytes(UTF_8)), WIDE, "follow");
    refuses(concat(zstd(CARGO), "more".getBytes(UTF_8)), WIDE, "zstd");
  }

  @Test
  void allFieldsOfAGzipHeaderAreUnderstood() throws IOException {
    byte[] plain = gzip(CARGO);
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    full.write(HexFormat.of().parseHex("1f8b081c000000000003"));
    full.write(new byte[] {3, 0, 'x', 'y', 'z'});
    full.write("name\0comment\0".getBytes(UTF_8));
    full.write(plain, 10, plain.length - 10);

    assertThat(inflate(full.toByteArray(), WIDE)).isEqualTo(CARGO);
  }

  @Test
  void anEndlessNameInAGzipHeaderIsRefused() {
    byte[] header = Arrays.copyOf(HexFormat.of().parseHex("1f8b0808000000000003"), 1 << 20);
    Arrays.fill(header, 10, header.length, (byte) 'a');

    refuses(header, WIDE, "header field");
  }

  @Test
  void bombsAreStoppedByTheirRatio() throws IOException {
    byte[] zeros = new byte[4 << 20];
    Limits narrow = new Limits(1L << 40, 1 << 20, 100);

    refuses(gzip(zeros), narrow, "bomb");
    refuses(Zstd.compress(zeros), narrow, "bomb");
    byte[] noise = new byte[4 << 20];
    new Random(1).nextBytes(noise);
    assertThat(inflate(gzip(noise), narrow)).isEqualTo(noise);
  }

  @Test
  void longStreamsAreStoppedByTheirSize() throws IOException {
    Limits narrow = new Limits(CARGO.length - 1, 1L << 40, 1);
    Limits exact = new Limits(CARGO.length, 1L << 40, 1);

    refuses(gzip(CARGO), narrow, "larger than");
    refuses(CARGO, narrow, "larger than");
    assertThat(inflate(gzip(CARGO), exact)).isEqualTo(CARGO);
  }

  @Test
  void whatIsSkippedCountsToo() throws IOException {
    Limits narrow = new Limits(1000, 1L << 40, 1);

    try (InputStream in = Compression.inflate(new ByteArrayInputStream(gzip(CARGO)), narrow)) {
      assertThatThrownBy(() -> in.skipNBytes(CARGO.length)).isInstanceOf(Fault.Invalid.class);
    }
  }

  @Test
  void aZstdWindowThatWouldTakeTheMemoryIsRefused() throws IOException {
    // Frame header: no single segment, window descriptor for 2 GiB, then an empty last block.
    byte[] frame = HexFormat.of().parseHex("28b52ffd00a8010000");

    refuses(frame, WIDE, "zstd");
  }

  @Test
  void bzip2AndXzComeOutAsTheyWereAndDamageIsTold() throws IOException {
    for (byte[] packed : List.of(bzip2(CARGO), xz(CARGO))) {
      assertThat(inflate(packed, WIDE)).isEqualTo(CARGO);
      assertThat(inflate(concat(packed, packed), WIDE)).isEqualTo(concat(CARGO, CARGO));
      for (int length = Compression.MAGIC_BYTES; length < packed.length; length++) {
        refuses(Arrays.copyOf(packed, length), WIDE, "damaged");
      }
      for (int at = Compression.MAGIC_BYTES; at < packed.length; at++) {
        byte[] other = packed.clone();
        other[at] ^= 0x10;
        refusesOrGives(other, CARGO);
      }
      refuses(packed, new Limits(1000, 1L << 40, 1), "larger than 1000 bytes");
      refuses(packed, new Limits(1L << 40, 100_000, 2), "bomb");
    }
  }

  @Test
  void anXzDictionaryThatWouldTakeTheMemoryIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // What is written is small; what the header promises is not.
    byte[] packed = xz(CARGO);
    out.write(packed, 0, 12);
    byte[] header = Arrays.copyOfRange(packed, 12, 20);
    header[4] = 34; // 512 MiB
    CRC32 sum = new CRC32();
    sum.update(header);
    out.write(header);
    for (int i = 0; i < 4; i++) {
      out.write((int) (sum.getValue() >> (8 * i)));
    }
    out.write(packed, 24, packed.length - 24);

    refuses(out.toByteArray(), WIDE, "xz");
  }

  @Test
  void anErrorOfTheStreamBelowIsNotTakenForDamage() {
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(HexFormat.of().parseHex("1f8b0800000000000003")),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("connection reset");
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("connection reset");
              }
            });

    assertThatThrownBy(() -> Compression.inflate(broken, WIDE).readAllBytes())
        .isInstanceOf(IOException.class)
        .hasMessage("connection reset");
  }

  private static void refuses(byte[] packed, Limits limits, String why) {
    assertThatThrownBy(() -> inflate(packed, limits))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining(why);
  }

  /// Damage that changes nothing, as in a field that nobody reads, is none.
  private static void refusesOrGives(byte[] packed, byte[] plain) throws IOException {
    try {
      assertThat(inflate(packed, WIDE)).isEqualTo(plain);
    } catch (Fault.Invalid e) {
      assertThat(e).hasMessageContaining("damaged");
    }
  }

  private static byte[] bzip2(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = new BZip2CompressorOutputStream(out)) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] xz(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = new XZOutputStream(out, new LZMA2Options(6))) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] inflate(byte[] packed, Limits limits) throws IOException {
    try (InputStream in = Compression.inflate(new ByteArrayInputStream(packed), limits)) {
      return in.readAllBytes();
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = Compression.gzip(out)) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] zstd(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = new ZstdOutputStreamNoFinalizer(out).setChecksum(true)) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
