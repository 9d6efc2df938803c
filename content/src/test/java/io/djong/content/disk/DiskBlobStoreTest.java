package io.djong.content.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.BlobStore;
import io.djong.content.BlobStoreContract;
import io.djong.content.BlobWriter;
import io.djong.content.UploadId;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBlobStoreTest implements BlobStoreContract {
  @TempDir Path folder;

  @Override
  public BlobStore newStore() throws IOException {
    return DiskBlobStore.open(folder, Duration.ZERO);
  }

  @Test
  void anUploadGoesOnAfterARestart() throws IOException {
    UploadId upload;
    try (BlobWriter writer = DiskBlobStore.open(folder, Duration.ofDays(1)).newWriter()) {
      upload = writer.upload();
      writer.write(CARGO, 0, 2);
    }

    BlobStore restarted = DiskBlobStore.open(folder, Duration.ofDays(1));
    try (BlobWriter writer = restarted.reopen(upload)) {
      assertThat(writer.position()).isEqualTo(2);
      writer.write(CARGO, 2, CARGO.length - 2);
      writer.commit(Digest.of(CARGO));
    }

    assertThat(restarted.size(Digest.of(CARGO))).hasValue(CARGO.length);
  }

  @Test
  void blobsAreThereAfterARestartAndLeftoversAreNot() throws IOException {
    BlobStore store = newStore();
    try (BlobWriter writer = store.newWriter()) {
      writer.write(CARGO);
      writer.commit(null);
    }
    try (BlobWriter writer = store.newWriter()) {
      writer.write(1);
    }

    assertThat(newStore().size(Digest.of(CARGO))).isPresent();
    assertThat(folder.resolve("uploads")).isEmptyDirectory();
  }

  @Test
  void onlyUploadsThatNobodyWroteToForLongAreRemoved() throws IOException {
    BlobStore store = newStore();
    UploadId old;
    UploadId young;
    try (BlobWriter first = store.newWriter();
        BlobWriter second = store.newWriter()) {
      old = first.upload();
      young = second.upload();
    }
    Files.setLastModifiedTime(
        folder.resolve("uploads").resolve(old.value()),
        FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    BlobStore restarted = DiskBlobStore.open(folder, Duration.ofDays(1));

    assertThatThrownBy(() -> restarted.reopen(old)).isInstanceOf(Fault.NotFound.class);
    restarted.reopen(young).close();
  }

  @Test
  void anEmptyFileIsNotTakenForABlobAndIsMendedByTheNextWriter() throws IOException {
    BlobStore store = newStore();
    try (BlobWriter writer = store.newWriter()) {
      writer.write(CARGO);
      writer.commit(null);
    }
    Digest digest = Digest.of(CARGO);
    Files.write(file(digest), new byte[0]);

    assertThat(store.size(digest)).isEmpty();
    assertThat(store.list()).isEmpty();
    assertThatThrownBy(() -> store.open(digest)).isInstanceOf(Fault.NotFound.class);

    try (BlobWriter writer = store.newWriter()) {
      writer.write(CARGO);
      writer.commit(digest);
    }
    assertThat(store.size(digest)).hasValue(CARGO.length);
  }

  @Test
  void writingADamagedBlobAgainMendsIt() throws IOException {
    BlobStore store = newStore();
    for (int i = 0; i < 2; i++) {
      try (BlobWriter writer = store.newWriter()) {
        writer.write(CARGO);
        writer.commit(null);
      }
      if (i == 0) {
        Files.write(file(Digest.of(CARGO)), "curse".getBytes(UTF_8));
      }
    }

    try (InputStream in = store.open(Digest.of(CARGO))) {
      assertThat(in.readAllBytes()).isEqualTo(CARGO);
    }
  }

  @Test
  void nobodyElseMayLookInside() throws IOException {
    newStore();

    try (Stream<Path> folders = Files.walk(folder)) {
      assertThat(folders.filter(path -> !path.equals(folder)))
          .allSatisfy(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .isEqualTo("rwx------"));
    }
  }

  private Path file(Digest digest) {
    return folder
        .resolve("blobs/sha256")
        .resolve(digest.hex().substring(0, 2))
        .resolve(digest.hex());
  }
}
