package io.djong.registry.s3;

import io.djong.content.BlobStore;
import io.djong.content.BlobStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract of blobs, in a bucket.
class S3BlobsTest implements BlobStoreContract {
  @TempDir Path folder;

  @Override
  public BlobStore newStore() throws IOException {
    return S3Server.storage(folder).blobs();
  }
}
