package io.djong.registry.s3;

import io.djong.registry.server.BucketSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// One bucket: objects by key, changed on condition. Each method is one request, which the client
/// library repeats where it may. Safe for use by several threads.
final class Bucket implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PAGE = 1000;

  private static final Set<Integer> ABSENT = Set.of(404);

  /// A condition that did not hold, or somebody else who was writing at the same time.
  private static final Set<Integer> REFUSALS = Set.of(412, 409);

  private static final Set<Integer> REFUSALS_OF_WHAT_MAY_BE_GONE = Set.of(412, 409, 404);

  private final S3Client client;
  private final String name;
  private final String prefix;

  private Bucket(S3Client client, String name, String prefix) {
    this.client = client;
    this.name = name;
    this.prefix = prefix;
  }

  /// An object that was read whole, and the state it was in.
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Read(byte[] bytes, State state) {}

  /// @param etag changes with every change of the bytes
  record State(long size, String etag, Instant written) {}

  /// @param size -1 for what several keys begin with
  record Listed(String key, long size, Instant written) {}

  record Dangling(String key, String multipart, Instant begun) {}

  static Bucket open(BucketSettings settings) {
    return new Bucket(client(settings), settings.bucket(), settings.prefix());
  }

  static S3Client client(BucketSettings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(PATIENCE)
                    .socketTimeout(PATIENCE)
                    .build())
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(settings.pathStyle())
            // Signed whole, a write is read whole before it is refused. Else the refusal may come
            // while it is being sent, with the connection's end, and get lost in that.
            .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
            // Blobs are hashed anyway, and not every server knows the newer checksums.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(BucketSettings settings) {
    String key = settings.accessKey();
    String secret = settings.secretKey();
    return key == null || secret == null
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
  }

  @Nullable Read get(String key) throws IOException {
    return ask(
        "reading " + key,
        () -> {
          try (ResponseInputStream<GetObjectResponse> in =
              client.getObject(request -> request.bucket(name).key(prefix + key))) {
            GetObjectResponse answer = in.response();
            byte[] bytes = in.readAllBytes();
            return new Read(bytes, new State(bytes.length, answer.eTag(), answer.lastModified()));
          } catch (S3Exception e) {
            requireAbsent(e);
            return null;
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @Nullable State head(String key) throws IOException {
    return ask(
        "asking for " + key,
        () -> {
          try {
            HeadObjectResponse answer =
                client.headObject(request -> request.bucket(name).key(prefix + key));
            return new State(answer.contentLength(), answer.eTag(), answer.lastModified());
          } catch (S3Exception e) {
            requireAbsent(e);
            return null;
          }
        });
  }

  /// Opens an object's bytes from a position on; null if it is not there.
  @Nullable InputStream open(String key, long position, long count) throws IOException {
    return ask(
        "opening " + key,
        () -> {
          try {
            return client.getObject(
                request ->
                    request
                        .bucket(name)
                        .key(prefix + key)
                        .range("bytes=" + position + "-" + (position + count - 1)));
          } catch (S3Exception e) {
            requireAbsent(e);
            return null;
          }
        });
  }

  void put(String key, RequestBody body) throws IOException {
    ask(
        "writing " + key,
        () -> client.putObject(request -> request.bucket(name).key(prefix + key), body));
  }

  /// Asks for an object to be made if there is none. A refusal may be about an earlier attempt of
  /// this very request, whose answer was lost: [ConditionalWrites] knows what became of it.
  ///
  /// @return the etag that it has; null if that was refused, or is not said
  @Nullable String create(String key, byte[] bytes) throws IOException {
    return putIf(key, bytes, request -> request.ifNoneMatch("*"), REFUSALS);
  }

  /// Asks for an object to be made another one if it is in this state still; else as [#create].
  @Nullable String replace(String key, byte[] bytes, String etag) throws IOException {
    return putIf(key, bytes, request -> request.ifMatch(etag), REFUSALS_OF_WHAT_MAY_BE_GONE);
  }

  private @Nullable String putIf(
      String key,
      byte[] bytes,
      java.util.function.Consumer<PutObjectRequest.Builder> condition,
      Set<Integer> refusals)
      throws IOException {
    return ask(
        "writing " + key,
        () -> {
          try {
            return client
                .putObject(
                    request -> condition.accept(request.bucket(name).key(prefix + key)),
                    RequestBody.fromBytes(bytes))
                .eTag();
          } catch (S3Exception e) {
            requireOneOf(refusals, e);
            return null;
          }
        });
  }

  void delete(String key) throws IOException {
    ask(
        "deleting " + key,
        () -> client.deleteObject(request -> request.bucket(name).key(prefix + key)));
  }

  /// Asks for an object to be deleted if it is in this state still; else as [#create].
  ///
  /// @return false if that was refused
  boolean delete(String key, String etag) throws IOException {
    return ask(
        "deleting " + key,
        () -> {
          try {
            client.deleteObject(request -> request.bucket(name).key(prefix + key).ifMatch(etag));
            return true;
          } catch (S3Exception e) {
            requireOneOf(REFUSALS_OF_WHAT_MAY_BE_GONE, e);
            return false;
          }
        });
  }

  /// What is directly below a folder, in the order of keys: objects, and what further keys begin
  /// with, which ends in a slash.
  ///
  /// @param after the last key that is left out; empty for none
  List<Listed> folder(String folder, String after, int limit) throws IOException {
    ListObjectsV2Response page =
        ask(
            "listing " + folder,
            () ->
                client.listObjectsV2(
                    request -> {
                      request
                          .bucket(name)
                          .prefix(prefix + folder)
                          .delimiter("/")
                          .maxKeys(Math.min(limit, PAGE));
                      if (!after.isEmpty()) {
                        request.startAfter(prefix + after);
                      }
                    }));
    List<Listed> all = new ArrayList<>();
    page.contents()
        .forEach(each -> all.add(new Listed(own(each.key()), each.size(), each.lastModified())));
    page.commonPrefixes()
        .forEach(each -> all.add(new Listed(own(each.prefix()), -1, Instant.EPOCH)));
    all.sort(java.util.Comparator.comparing(Listed::key));
    return all;
  }

  private String own(String key) {
    return key.substring(prefix.length());
  }

  // Objects that come in parts.

  String begin(String key) throws IOException {
    return ask(
        "beginning " + key,
        () ->
            client
                .createMultipartUpload(request -> request.bucket(name).key(prefix + key))
                .uploadId());
  }

  /// @return the part's etag
  String part(String key, String multipart, int number, RequestBody body) throws IOException {
    return ask(
        "writing part " + number + " of " + key,
        () ->
            client
                .uploadPart(
                    request ->
                        request
                            .bucket(name)
                            .key(prefix + key)
                            .uploadId(multipart)
                            .partNumber(number),
                    body)
                .eTag());
  }

  /// Asks for the parts to become the object. A refusal may be about an earlier attempt of this
  /// very request: [ConditionalWrites] knows what became of it.
  ///
  /// @return false if there is no such upload any more
  boolean complete(String key, String multipart, List<String> etags) throws IOException {
    List<CompletedPart> parts = new ArrayList<>();
    for (int i = 0; i < etags.size(); i++) {
      parts.add(CompletedPart.builder().partNumber(i + 1).eTag(etags.get(i)).build());
    }
    return ask(
        "completing " + key,
        () -> {
          try {
            client.completeMultipartUpload(
                request ->
                    request
                        .bucket(name)
                        .key(prefix + key)
                        .uploadId(multipart)
                        .multipartUpload(all -> all.parts(parts)));
            return true;
          } catch (S3Exception e) {
            requireAbsent(e);
            return false;
          }
        });
  }

  /// Idempotent.
  void abort(String key, String multipart) throws IOException {
    ask(
        "aborting " + key,
        () -> {
          try {
            client.abortMultipartUpload(
                request -> request.bucket(name).key(prefix + key).uploadId(multipart));
          } catch (S3Exception e) {
            requireAbsent(e);
            return null;
          }
          return null;
        });
  }

  List<Dangling> unfinished(String folder) throws IOException {
    List<Dangling> all = new ArrayList<>();
    String key = null;
    String multipart = null;
    do {
      String afterKey = key;
      String afterMultipart = multipart;
      ListMultipartUploadsResponse page =
          ask(
              "listing uploads",
              () ->
                  client.listMultipartUploads(
                      request ->
                          request
                              .bucket(name)
                              .prefix(prefix + folder)
                              .keyMarker(afterKey)
                              .uploadIdMarker(afterMultipart)));
      for (MultipartUpload each : page.uploads()) {
        all.add(new Dangling(own(each.key()), each.uploadId(), each.initiated()));
      }
      key = Boolean.TRUE.equals(page.isTruncated()) ? page.nextKeyMarker() : null;
      multipart = page.nextUploadIdMarker();
    } while (key != null);
    return all;
  }

  private static void requireAbsent(S3Exception e) {
    requireOneOf(ABSENT, e);
  }

  private static void requireOneOf(Set<Integer> statuses, S3Exception e) {
    if (!statuses.contains(e.statusCode())) {
      throw e;
    }
  }

  private <T extends @Nullable Object> T ask(String what, Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (SdkException e) {
      throw new IOException("bucket " + name + ": " + what + ": " + e.getMessage(), e);
    } catch (java.io.UncheckedIOException e) {
      throw new IOException("bucket " + name + ": " + what + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
