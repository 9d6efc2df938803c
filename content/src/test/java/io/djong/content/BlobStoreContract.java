package io.djong.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every BlobStore must do.
public interface BlobStoreContract {
  byte[] CARGO = "cargo".getBytes(UTF_8);

  /// A fresh, empty store.
  BlobStore newStore() throws IOException;

  @Test
  default void whatIsCommittedCanBeReadUnderItsDigest() throws IOException {
    BlobStore store = newStore();

    Digest digest = put(store, CARGO);

    assertThat(digest).isEqualTo(Digest.of(CARGO));
    assertThat(store.size(digest)).hasValue(CARGO.length);
    try (InputStream in = store.open(digest)) {
      assertThat(in.readAllBytes()).isEqualTo(CARGO);
    }
    assertThat(store.list())
        .singleElement()
        .satisfies(blob -> assertThat(blob.digest()).isEqualTo(digest))
        .satisfies(blob -> assertThat(blob.size()).isEqualTo(CARGO.length))
        .satisfies(blob -> assertThat(blob.mediaType()).isEqualTo("application/octet-stream"));
  }

  @Test
  default void bytesThatAreNotWhatWasPromisedAreRefusedAndDropped() throws IOException {
    BlobStore store = newStore();

    UploadId upload;
    try (BlobWriter writer = store.newWriter()) {
      upload = writer.upload();
      writer.write(CARGO);
      assertThatThrownBy(() -> writer.commit(Digest.of("ballast".getBytes(UTF_8))))
          .isInstanceOf(Fault.Invalid.class);
    }

    assertThat(store.list()).isEmpty();
    assertThatThrownBy(() -> store.reopen(upload)).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  default void nothingIsVisibleBeforeTheCommit() throws IOException {
    BlobStore store = newStore();

    try (BlobWriter writer = store.newWriter()) {
      writer.write(CARGO);

      assertThat(store.size(Digest.of(CARGO))).isEmpty();
      assertThat(store.list()).isEmpty();
      assertThatThrownBy(() -> store.open(Digest.of(CARGO))).isInstanceOf(Fault.NotFound.class);
    }
  }

  @Test
  default void aClosedWriterGoesOnWhereItStopped() throws IOException {
    BlobStore store = newStore();
    UploadId upload;
    try (BlobWriter writer = store.newWriter()) {
      upload = writer.upload();
      writer.write(CARGO, 0, 3);
    }

    try (BlobWriter writer = store.reopen(upload)) {
      assertThat(writer.position()).isEqualTo(3);
      assertThat(writer.upload()).isEqualTo(upload);
      writer.write(CARGO, 3, CARGO.length - 3);
      writer.commit(Digest.of(CARGO));
    }

    assertThat(store.size(Digest.of(CARGO))).hasValue(CARGO.length);
    assertThatThrownBy(() -> store.reopen(upload)).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  default void aDiscardedUploadIsGone() throws IOException {
    BlobStore store = newStore();
    UploadId upload;
    try (BlobWriter writer = store.newWriter()) {
      upload = writer.upload();
      writer.write(CARGO);
      writer.discard();
    }

    assertThatThrownBy(() -> store.reopen(upload)).isInstanceOf(Fault.NotFound.class);
    assertThat(store.list()).isEmpty();
  }

  @Test
  default void anUploadHasOneWriterAtATime() throws IOException {
    BlobStore store = newStore();

    try (BlobWriter writer = store.newWriter()) {
      assertThatThrownBy(() -> store.reopen(writer.upload())).isInstanceOf(Fault.Conflict.class);
    }
  }

  @Test
  default void anUploadIdOfSomebodyElsesMakingNamesNothing() throws IOException {
    BlobStore store = newStore();
    put(store, CARGO);

    for (String id : List.of("", ".", "..", "../blobs", "a/b", "\0", "x".repeat(5000))) {
      assertThatThrownBy(() -> store.reopen(new UploadId(id))).isInstanceOf(Fault.NotFound.class);
    }
  }

  @Test
  default void anEndedWriterTakesNoMoreBytes() throws IOException {
    BlobStore store = newStore();
    try (BlobWriter writer = store.newWriter()) {
      writer.commit(null);

      assertThatThrownBy(() -> writer.write(CARGO)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> writer.commit(null)).isInstanceOf(IOException.class);
    }
  }

  @Test
  default void discardAfterCommitLeavesTheBlob() throws IOException {
    BlobStore store = newStore();
    try (BlobWriter writer = store.newWriter()) {
      writer.write(CARGO);
      writer.commit(null);
      writer.discard();
    }

    assertThat(store.size(Digest.of(CARGO))).isPresent();
  }

  @Test
  default void noBytesAreABlobToo() throws IOException {
    BlobStore store = newStore();

    Digest digest = put(store, new byte[0]);

    assertThat(store.size(digest)).hasValue(0);
    try (InputStream in = store.open(digest)) {
      assertThat(in.read()).isNegative();
    }
  }

  @Test
  default void aDigestOfAnotherAlgorithmIsKept() throws IOException {
    BlobStore store = newStore();
    Digest sha512 =
        Digest.ofHash(Digest.SHA512, Digest.newHash(Digest.SHA512).digest("cargo".getBytes(UTF_8)));

    try (BlobWriter writer = store.newWriter()) {
      writer.write(CARGO);
      assertThat(writer.commit(sha512)).isEqualTo(sha512);
    }

    assertThat(store.size(sha512)).hasValue(CARGO.length);
    assertThat(store.size(Digest.of(CARGO))).isEmpty();
  }

  @Test
  default void deletingIsIdempotentAndFreesTheBlob() throws IOException {
    BlobStore store = newStore();
    Digest digest = put(store, CARGO);

    store.delete(digest);
    store.delete(digest);

    assertThat(store.size(digest)).isEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  default void aReaderIsNotDisturbedByADelete() throws IOException {
    BlobStore store = newStore();
    Digest digest = put(store, CARGO);

    try (InputStream in = store.open(digest)) {
      store.delete(digest);
      assertThat(in.readAllBytes()).isEqualTo(CARGO);
    }
  }

  @Test
  default void twoWritersOfTheSameBytesBothSucceed() throws Exception {
    BlobStore store = newStore();
    byte[] large = new byte[1 << 20];

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Digest>> written = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        written.add(threads.submit(() -> put(store, large)));
      }
      for (Future<Digest> each : written) {
        assertThat(each.get()).isEqualTo(Digest.of(large));
      }
    }

    assertThat(store.list()).hasSize(1);
    assertThat(store.size(Digest.of(large))).hasValue(large.length);
  }

  private static Digest put(BlobStore store, byte[] bytes) throws IOException {
    try (BlobWriter writer = store.newWriter()) {
      writer.write(bytes);
      return writer.commit(null);
    }
  }
}
