package io.djong.registry.s3;

import io.djong.registry.server.BucketSettings;
import io.djong.registry.server.ProtocolTest;
import io.djong.registry.server.ServedRegistry;
import java.io.IOException;
import java.nio.file.Path;

/// The whole protocol, over a bucket.
class S3ProtocolTest extends ProtocolTest {
  @Override
  protected ServedRegistry serve(Path folder) throws IOException {
    BucketSettings bucket = S3Server.bucket();
    return new ServedRegistry(folder, "{}", root -> S3Storage.open(bucket, root.resolve("spool")));
  }
}
