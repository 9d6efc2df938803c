package io.djong.registry.s3;

import io.djong.registry.server.BucketSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/// An object store that speaks S3, one for all tests, that knows its caller by signature.
final class S3Server {
  private static final String KEY = "mate";
  private static final String SECRET = "ahoy";
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static final URI ADDRESS = start();

  private S3Server() {}

  private static URI start() {
    try {
      Path folder = Files.createTempDirectory("s3");
      S3Proxy server =
          S3Proxy.builder()
              .blobStore(new FilesystemNio2BlobStore(folder.toString()))
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
              .build();
      server.start();
      return URI.create("http://127.0.0.1:" + server.getPort());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// A bucket of its own.
  static BucketSettings bucket() {
    String name = "bucket" + BUCKETS.incrementAndGet();
    BucketSettings settings =
        new BucketSettings(ADDRESS, "us-east-1", name, true, "registry/", KEY, SECRET);
    try (S3Client client = Bucket.client(settings)) {
      client.createBucket(request -> request.bucket(name));
    }
    return settings;
  }

  /// The same bucket, asked by way of a front.
  static BucketSettings through(LossyFront front, BucketSettings direct) {
    return new BucketSettings(
        front.address(), direct.region(), direct.bucket(), true, direct.prefix(), KEY, SECRET);
  }

  static S3Storage storage(Path folder) throws IOException {
    return S3Storage.open(bucket(), folder.resolve("spool"));
  }
}
