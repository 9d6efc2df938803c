package io.djong.registry.s3;

import io.djong.registry.server.BucketSettings;
import io.djong.registry.server.KilledServerTest;
import io.djong.registry.server.RegistryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The same with a bucket: killed while it speaks with the object store or with its client.
class S3KilledServerTest extends KilledServerTest {
  private final BucketSettings bucket = S3Server.bucket();

  @Override
  protected String config() throws IOException {
    Path secret = Files.writeString(folder().resolve("secret"), String.valueOf(bucket.secretKey()));
    return "{\"s3\":{\"endpoint\":\""
        + bucket.endpoint()
        + "\",\"path-style\":true,\"region\":\"us-east-1\",\"bucket\":\""
        + bucket.bucket()
        + "\",\"prefix\":\"registry/\",\"access-key\":\""
        + bucket.accessKey()
        + "\",\"secret-key-file\":\""
        + secret
        + "\"}}";
  }

  @Override
  protected RegistryStorage storage() throws IOException {
    return S3Storage.open(bucket, folder().resolve("scrubbed"));
  }

  @Override
  protected List<Verb> verbs() {
    return List.of(Verb.CHUNKS, Verb.MANIFEST, Verb.COLLECT);
  }

  @Override
  protected List<String> kinds() {
    return List.of("sendto,sendmsg,write,writev");
  }
}
