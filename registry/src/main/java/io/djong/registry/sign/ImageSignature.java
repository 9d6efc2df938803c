package io.djong.registry.sign;

import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What somebody says of an image, and the signature of that (the simple signing format of
/// containers/image, as cosign keeps it).
///
/// @param payload JSON, of which nothing counts before the signature was verified
/// @param signature base64
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record ImageSignature(byte[] payload, String signature) {
  static final String PAYLOAD_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
  static final String ANNOTATION = "dev.cosignproject.cosign/signature";

  private static final String COSIGN = "cosign container image signature";

  /// What a verified payload says.
  ///
  /// @param name of the image, as whoever signed it called it
  record Claim(String name, Digest digest) {}

  /// Signs an image.
  ///
  /// @param name with the tag if it has one: some readers want the very name
  public static ImageSignature of(String name, Digest digest, SigningKey key, Instant now) {
    Map<String, Object> critical = new LinkedHashMap<>();
    critical.put("identity", Map.of("docker-reference", name));
    critical.put("image", Map.of("docker-manifest-digest", digest.toString()));
    critical.put("type", COSIGN);
    Map<String, Object> optional = new LinkedHashMap<>();
    optional.put("creator", "djong");
    optional.put("timestamp", now.getEpochSecond());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("critical", critical);
    all.put("optional", optional);
    byte[] payload = Json.full().write(all);
    return new ImageSignature(payload, key.sign(payload));
  }

  /// What it says, if one of the keys made it.
  ///
  /// @return null if none did, or it says nothing of an image
  @Nullable Claim claim(List<VerifyingKey> keys) {
    if (keys.stream().noneMatch(key -> key.verifies(payload, signature))) {
      return null;
    }
    try {
      if (Json.lean().readTree(payload) instanceof Map<?, ?> all
          && all.get("critical") instanceof Map<?, ?> critical
          && COSIGN.equals(critical.get("type"))
          && critical.get("identity") instanceof Map<?, ?> identity
          && identity.get("docker-reference") instanceof String name
          && critical.get("image") instanceof Map<?, ?> image
          && image.get("docker-manifest-digest") instanceof String digest) {
        return new Claim(name, Digest.parse(digest));
      }
    } catch (Fault.Invalid e) {
      // It says nothing that can be read.
    }
    return null;
  }

  /// As text, for those who keep it.
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("payload", new String(payload, StandardCharsets.UTF_8));
    tree.put("signature", signature);
    return tree;
  }

  /// Reads what [#tree] gave; null if it is something else.
  public static @Nullable ImageSignature read(@Nullable Object tree) {
    return tree instanceof Map<?, ?> map
            && map.get("payload") instanceof String payload
            && map.get("signature") instanceof String signature
        ? new ImageSignature(payload.getBytes(StandardCharsets.UTF_8), signature)
        : null;
  }
}
