package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.disk.DiskBlobStore;
import io.djong.content.record.RecordedImageNames;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Manifests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A copy that was cut goes on where it stopped, also after a restart.
class ResumedCopyTest {
  private static final int CUT = 1_500_000;
  private static final Reference NAME = Reference.parse("box:1");

  @TempDir Path folder = Path.of("");
  private final byte[] tar;
  private final byte[] packed;
  private final Descriptor layer;
  private final byte[] config;
  private final Document<Manifest> manifest;
  private final List<Long> positions = new ArrayList<>();

  ResumedCopyTest() throws IOException {
    StringBuilder text = new StringBuilder();
    Random random = new Random(7);
    for (int i = 0; i < 3_000_000; i++) {
      text.append((char) (' ' + random.nextInt(90)));
    }
    tar = TestImages.layer("cargo", text.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = Compression.gzip(out)) {
      gzip.write(tar);
    }
    packed = out.toByteArray();
    layer = Descriptor.of(MediaType.OCI_LAYER_GZIP, packed);
    config =
        ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + Digest.of(tar)
                + "\"]}}")
            .getBytes(UTF_8);
    manifest =
        Manifests.write(
            MediaType.OCI_MANIFEST,
            new Manifest.Image(
                Descriptor.of(MediaType.OCI_CONFIG, config), List.of(layer), null, Map.of()));
  }

  /// Gives this much of the layer and then breaks; all of it for a negative number.
  private final class Source implements ImageSource {
    private final long breaks;
    private final byte[] bytes;

    Source(long breaks, byte[] bytes) {
      this.breaks = breaks;
      this.bytes = bytes;
    }

    @Override
    public Document<Manifest> resolve(Reference reference) {
      return manifest;
    }

    @Override
    public InputStream open(Repository from, Descriptor blob) {
      return new ByteArrayInputStream(blob.equals(layer) ? bytes : config);
    }

    @Override
    public InputStream open(Repository from, Descriptor blob, long position) throws IOException {
      positions.add(position);
      InputStream in = open(from, blob);
      in.skipNBytes(position);
      return new FilterInputStream(in) {
        private long left = breaks < 0 ? Long.MAX_VALUE : breaks - position;

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          if (left == 0) {
            throw new EOFException("cut");
          }
          int n = super.read(into, offset, (int) Math.min(length, left));
          left -= Math.max(0, n);
          return n;
        }
      };
    }
  }

  /// As a daemon would that was started for it.
  private DiskBlobStore copy(ImageSource source, @Nullable LayerIntake intake)
      throws IOException, InterruptedException {
    DiskBlobStore blobs = DiskBlobStore.open(folder, Duration.ofDays(1));
    LocalImages local = new LocalImages(blobs, new RecordedImageNames(new MemoryRecords()));
    try (Lease lease = local.lease()) {
      ImageTarget target = intake == null ? local.target(lease) : local.target(lease, intake);
      new ImageCopy(ImageCopy.Words.PULL, 1)
          .copy(source, NAME, target, NAME, PlatformChoice.ALL, Progress.NONE);
    }
    return blobs;
  }

  private void goesOn(@Nullable MemoryIntake intake) throws IOException, InterruptedException {
    assertThatThrownBy(() -> copy(new Source(CUT, packed), intake)).hasMessage("cut");

    DiskBlobStore blobs = copy(new Source(-1, packed), intake);

    assertThat(positions).hasSize(2).startsWith(0L);
    assertThat(positions.getLast()).isBetween(1L, (long) CUT);
    try (InputStream in = blobs.open(layer.digest())) {
      assertThat(in.readAllBytes()).isEqualTo(packed);
    }
    if (intake != null) {
      assertThat(intake.layers()).containsOnlyKeys(Digest.of(tar));
    }
  }

  @Test
  void aBlobGoesOnWhereItStopped() throws Exception {
    goesOn(null);
    assertThat(positions.getLast()).isEqualTo(CUT);
  }

  @Test
  void aLayerThatStreamsToAnIntakeGoesOnWhereItStopped() throws Exception {
    goesOn(new MemoryIntake());
  }

  @Test
  void bytesThatWereWrongAreNotGoneOnWith() throws Exception {
    byte[] wrong = packed.clone();
    wrong[1000] ^= 1;
    assertThatThrownBy(() -> copy(new Source(CUT, wrong), null)).hasMessage("cut");
    assertThatThrownBy(() -> copy(new Source(-1, packed), null)).isInstanceOf(Fault.Invalid.class);

    copy(new Source(-1, packed), null);

    assertThat(positions).containsExactly(0L, (long) CUT, 0L);
  }
}
