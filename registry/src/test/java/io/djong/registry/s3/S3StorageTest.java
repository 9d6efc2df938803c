package io.djong.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.registry.server.BucketSettings;
import io.djong.registry.server.RegistryStorage;
import io.djong.registry.server.RegistryStorageContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract, on a bucket; and what several servers do with one.
class S3StorageTest implements RegistryStorageContract {
  private static final byte[] LARGE = new byte[18 << 20];

  static {
    new Random(7).nextBytes(LARGE);
  }

  @TempDir Path folder;

  @Override
  public RegistryStorage storage() throws IOException {
    return S3Server.storage(folder);
  }

  @Test
  void aLargeBlobComesInPartsAndIsReadInRanges() throws IOException {
    RegistryStorage storage = storage();
    Digest digest = Digest.of(LARGE);
    try (BlobWriter writer = storage.blobs().newWriter()) {
      writer.write(LARGE);
      assertThat(writer.commit(digest)).isEqualTo(digest);
    }

    assertThat(storage.use(digest)).hasValue(LARGE.length);
    try (var in = storage.blobs().open(digest)) {
      assertThat(in.readAllBytes()).isEqualTo(LARGE);
    }
  }

  @Test
  void anotherServerGoesOnWithAnUpload() throws IOException {
    BucketSettings bucket = S3Server.bucket();
    UploadId upload;
    try (S3Storage one = S3Storage.open(bucket, folder.resolve("one"));
        BlobWriter writer = one.blobs().newWriter()) {
      upload = writer.upload();
      writer.write(LARGE, 0, 17 << 20);
    }

    try (S3Storage other = S3Storage.open(bucket, folder.resolve("other"));
        BlobWriter writer = other.blobs().reopen(upload)) {
      assertThat(writer.position()).isEqualTo(17 << 20);
      writer.write(LARGE, 17 << 20, 1 << 20);
      assertThat(writer.commit(Digest.of(LARGE))).isEqualTo(Digest.of(LARGE));
      assertThat(other.use(Digest.of(LARGE))).hasValue(LARGE.length);
    }
  }

  @Test
  void whatAnotherServerWroteIsVerifiedToo() throws IOException {
    BucketSettings bucket = S3Server.bucket();
    UploadId upload;
    try (S3Storage one = S3Storage.open(bucket, folder.resolve("one"));
        BlobWriter writer = one.blobs().newWriter()) {
      upload = writer.upload();
      writer.write(LARGE);
    }

    Digest wrong = Digest.of("another".getBytes(UTF_8));
    try (S3Storage other = S3Storage.open(bucket, folder.resolve("other"));
        BlobWriter writer = other.blobs().reopen(upload)) {
      assertThatThrownBy(() -> writer.commit(wrong)).isInstanceOf(Fault.Invalid.class);
      assertThat(other.use(wrong)).isEmpty();
      try (var all = other.digests()) {
        assertThat(all).isEmpty();
      }
    }
  }

  @Test
  void ofTwoServersThatGoOnWithAnUploadOneIsRefused() throws IOException {
    BucketSettings bucket = S3Server.bucket();
    try (S3Storage one = S3Storage.open(bucket, folder.resolve("one"));
        S3Storage other = S3Storage.open(bucket, folder.resolve("other"))) {
      BlobWriter begun = one.blobs().newWriter();
      begun.write("half".getBytes(UTF_8));
      begun.close();
      BlobWriter first = one.blobs().reopen(begun.upload());
      BlobWriter second = other.blobs().reopen(begun.upload());
      first.write(1);
      second.write(2);

      first.close();
      assertThatThrownBy(second::close).isInstanceOf(Fault.Conflict.class);

      try (BlobWriter next = other.blobs().reopen(begun.upload())) {
        assertThat(next.commit(null)).isEqualTo(Digest.of("half\u0001".getBytes(UTF_8)));
      }
    }
  }

  @Test
  void whoIsOvertakenTakesNothingAwayFromWhoWasFirst() throws IOException {
    BucketSettings bucket = S3Server.bucket();
    byte[] bytes = Arrays.copyOf(LARGE, 100_000);
    Digest digest = Digest.of(bytes);
    try (S3Storage one = S3Storage.open(bucket, folder.resolve("one"));
        S3Storage other = S3Storage.open(bucket, folder.resolve("other"));
        S3Storage third = S3Storage.open(bucket, folder.resolve("third"))) {
      BlobWriter begun = one.blobs().newWriter();
      begun.write(bytes);
      begun.close();
      BlobWriter first = one.blobs().reopen(begun.upload());
      BlobWriter repeating = other.blobs().reopen(begun.upload());
      BlobWriter dropping = third.blobs().reopen(begun.upload());
      first.commit(digest);

      assertThatThrownBy(() -> repeating.commit(digest)).isInstanceOf(Fault.Conflict.class);
      assertThat(read(one, digest)).isEqualTo(bytes);
      assertThatThrownBy(dropping::discard).isInstanceOf(Fault.Conflict.class);
      assertThat(read(one, digest)).isEqualTo(bytes);
    }
  }

  private static byte[] read(RegistryStorage storage, Digest digest) throws IOException {
    try (var in = storage.blobs().open(digest)) {
      return in.readAllBytes();
    }
  }

  @Test
  void whoDropsAnUploadIsNotOvertaken() throws IOException {
    BucketSettings settings = S3Server.bucket();
    try (S3Storage one = S3Storage.open(settings, folder.resolve("one"));
        S3Storage other = S3Storage.open(settings, folder.resolve("other"));
        Bucket bucket = Bucket.open(settings)) {
      BlobWriter begun = one.blobs().newWriter();
      begun.write(LARGE);
      begun.close();
      BlobWriter dropping = one.blobs().reopen(begun.upload());
      BlobWriter late = other.blobs().reopen(begun.upload());
      dropping.discard();

      assertThatThrownBy(() -> late.commit(Digest.of(LARGE)))
          .isInstanceOfAny(IOException.class, Fault.Conflict.class);
      assertThat(other.use(Digest.of(LARGE))).isEmpty();
      assertThat(bucket.folder("uploads/", "", 10)).isEmpty();
      assertThat(bucket.folder("data/", "", 10)).isEmpty();
    }
  }

  @Test
  void whatAnotherServerTouchedIsNotDeletedAsUnused() throws IOException {
    BucketSettings settings = S3Server.bucket();
    try (Bucket bucket = Bucket.open(settings)) {
      Entries entries = new Entries(bucket);
      entries.write("a", "1".getBytes(UTF_8));
      Bucket.State seen = Objects.requireNonNull(bucket.head("a"));

      entries.write("a", "1".getBytes(UTF_8)); // The same bytes, but written again.

      assertThat(bucket.delete("a", seen.etag())).isFalse();
      assertThat(entries.read("a")).isEqualTo("1".getBytes(UTF_8));
      assertThat(entries.deleteUnused("a", Instant.now().plusSeconds(60))).isNotNull();
    }
  }

  @Test
  void whatADeadServerLeftIsClearedAwayWithItsParts() throws IOException {
    BucketSettings settings = S3Server.bucket();
    try (S3Storage storage = S3Storage.open(settings, folder.resolve("one"));
        Bucket bucket = Bucket.open(settings)) {
      try (BlobWriter writer = storage.blobs().newWriter()) {
        writer.write(LARGE);
      }
      assertThat(bucket.unfinished("data/")).hasSize(1);

      storage.clear(Instant.now().plusSeconds(600));

      assertThat(bucket.unfinished("data/")).isEmpty();
      assertThat(bucket.folder("uploads/", "", 10)).isEmpty();
    }
  }
}
