package io.djong.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Digest;
import io.djong.registry.server.BucketSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry whose object store does as it is asked, while the answers get lost on their way.
class S3LostAnswersTest {
  private static final byte[] MANY = "many ".repeat(20_000).getBytes(UTF_8);

  /// As often as the client library tries, and more.
  private static final int EACH = 10;

  @TempDir Path folder;
  private LossyFront front;
  private BucketSettings settings;

  @BeforeEach
  void open() throws IOException {
    BucketSettings direct = S3Server.bucket();
    front = new LossyFront(Objects.requireNonNull(direct.endpoint()));
    settings = S3Server.through(front, direct);
  }

  @AfterEach
  void close() throws IOException {
    front.close();
  }

  private S3Storage storage() throws IOException {
    return S3Storage.open(settings, folder.resolve("spool"));
  }

  @Test
  void aBucketThatKeepsConditionsIsTaken() throws IOException {
    for (String method : new String[] {"PUT", "DELETE"}) {
      front.loseAnswers(method, 1);
      storage().close();
      assertThat(front.mend()).isZero();
    }
  }

  @Test
  void anEntryIsCreatedByWhoCreatedIt() throws IOException {
    try (S3Storage storage = storage()) {
      front.loseAnswers("PUT", 1);
      assertThat(storage.create("tags/v1", MANY)).isTrue();
      front.loseAnswers("PUT", 1);
      assertThat(storage.create("tags/v1", MANY)).isFalse();
    }
  }

  @Test
  void anUploadGoesOnWithItsOneWriter() throws IOException {
    try (S3Storage storage = storage()) {
      BlobWriter first = storage.blobs().newWriter();
      UploadId upload = first.upload();
      first.write(MANY);
      front.loseAnswers("PUT", 1);
      first.close();

      BlobWriter second = storage.blobs().reopen(upload);
      second.write(MANY);
      front.loseAnswers("PUT", 1);
      second.close();

      BlobWriter third = storage.blobs().reopen(upload);
      assertThat(third.position()).isEqualTo(2L * MANY.length);
      front.loseAnswers("PUT", 1);
      Digest digest = third.commit(null);
      assertThat(front.mend()).isZero();
      assertThat(storage.use(digest)).hasValue(2L * MANY.length);
    }
  }

  @Test
  void aBlobIsWholeThoughNobodyWasToldThatItIsThere() throws IOException {
    try (S3Storage storage = storage()) {
      Digest digest = Digest.of(MANY);
      BlobWriter writer = storage.blobs().newWriter();
      writer.write(MANY);
      front.loseAnswers("PUT", "/blobs/", EACH);
      assertThatThrownBy(() -> writer.commit(digest)).isInstanceOf(IOException.class);
      assertThat(front.mend()).isPositive().isLessThan(EACH);

      assertThat(storage.use(digest)).hasValue(MANY.length);
      storage.clear(Instant.now().plusSeconds(600));
      try (var in = storage.blobs().open(digest)) {
        assertThat(in.readAllBytes()).isEqualTo(MANY);
      }
    }
  }

  @Test
  void unusedBlobsAreCollectedWithTheirBytes() throws IOException {
    try (S3Storage storage = storage();
        Bucket bucket = Bucket.open(settings)) {
      Digest digest;
      try (BlobWriter writer = storage.blobs().newWriter()) {
        writer.write(MANY);
        digest = writer.commit(null);
      }
      assertThat(bucket.folder("data/", "", 10)).hasSize(1);
      front.loseAnswers("DELETE", 1);

      assertThat(storage.deleteUnused(digest, Instant.now().plusSeconds(600)))
          .hasValue(MANY.length);

      assertThat(front.mend()).isZero();
      assertThat(bucket.folder("data/", "", 10)).isEmpty();
    }
  }
}
