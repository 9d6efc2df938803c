package io.djong.registry.s3;

import io.djong.registry.server.BucketSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  /// Makes an object if there is none.
  ///
  /// @return whether it did
  boolean create(String key, byte[] bytes) throws IOException {
    return putIf(key, bytes, request -> request.ifNoneMatch("*"));
  }

  /// Makes an object another one if it is in this state still.
  ///
  /// @return whether it did
  boolean replace(String key, byte[] bytes, String etag) throws IOException {
    return putIf(key, bytes, request -> request.ifMatch(etag));
  }

  private boolean putIf(
      String key, byte[] bytes, java.util.function.Consumer<PutObjectRequest.Builder> condition)
      throws IOException {
    return ask(
        "writing " + key,
        () -> {
          try {
            var answer =
                client.putObject(
                    request -> condition.accept(request.bucket(name).key(prefix + key)),
                    RequestBody.fromBytes(bytes));
            return answer.eTag() != null;
          } catch (S3Exception e) {
            return refused(e);
          }
        });
  }

  void delete(String key) throws IOException {
    ask(
        "deleting " + key,
        () -> client.deleteObject(request -> request.bucket(name).key(prefix + key)));
  }

  /// Deletes an object if it is in this state still.
  ///
  /// @return whether it did
  boolean delete(String key, String etag) throws IOException {
    return ask(
        "deleting " + key,
        () -> {
          try {
            client.deleteObject(request -> request.bucket(name).key(prefix + key).ifMatch(etag));
            return true;
          } catch (S3Exception e) {
            return refused(e);
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

  void complete(String key, String multipart, List<String> etags) throws IOException {
    List<CompletedPart> parts = new ArrayList<>();
    for (int i = 0; i < etags.size(); i++) {
      parts.add(CompletedPart.builder().partNumber(i + 1).eTag(etags.get(i)).build());
    }
    ask(
        "completing " + key,
        () ->
            client.completeMultipartUpload(
                request ->
                    request
                        .bucket(name)
                        .key(prefix + key)
                        .uploadId(multipart)
                        .multipartUpload(all -> all.parts(parts))));
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
    if (e.statusCode() != 404) {
      throw e;
    }
  }

  /// A condition that did not hold, or somebody else who was writing at the same time.
  private static boolean refused(S3Exception e) {
    if (e.statusCode() == 412 || e.statusCode() == 409 || e.statusCode() == 404) {
      return false;
    }
    throw e;
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
