package io.djong.registry.sign;

import io.djong.content.VerifiedInput;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.model.json.Manifests;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.client.RegistrySource;
import io.djong.registry.client.RegistryTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Signatures beside the images that they are of, on registries: under the tag `ALGORITHM-HEX.sig`,
/// where cosign and podman look, and as referrers of the image. Safe for use by several threads.
public final class SignatureStore {
  /// What a signature is as a referrer, to cosign.
  static final String ARTIFACT = "application/vnd.dev.cosign.artifact.sig.v1+json";

  private static final int MOST = 100;
  private static final int MAX_PAYLOAD = 1 << 20;

  private final RegistryClient client;

  public SignatureStore(RegistryClient client) {
    this.client = client;
  }

  static Reference.Tag tag(Repository repository, Digest digest) {
    return new Reference.Tag(repository, digest.algorithm() + "-" + digest.hex() + ".sig");
  }

  /// The signatures of an image; not verified.
  public List<ImageSignature> find(Repository repository, Digest image, Credentials credentials)
      throws IOException {
    RegistrySource source = client.source(repository.host(), credentials);
    List<ImageSignature> all = new ArrayList<>();
    Manifest.Image tagged = tagged(source, repository, image);
    if (tagged != null) {
      add(source, repository, tagged, all);
    }
    for (Descriptor each : source.referrers(repository, image, ARTIFACT)) {
      if (all.size() < MOST
          && source.resolve(new Reference.Pin(repository, null, each.digest())).value()
              instanceof Manifest.Image manifest) {
        add(source, repository, manifest, all);
      }
    }
    return all;
  }

  private static Manifest.@Nullable Image tagged(
      RegistrySource source, Repository repository, Digest image) throws IOException {
    try {
      return source.resolve(tag(repository, image)).value() instanceof Manifest.Image manifest
          ? manifest
          : null;
    } catch (Fault.NotFound e) {
      return null;
    }
  }

  private static void add(
      RegistrySource source,
      Repository repository,
      Manifest.Image manifest,
      List<ImageSignature> all)
      throws IOException {
    for (Descriptor layer : manifest.layers()) {
      String signature = layer.annotations().get(ImageSignature.ANNOTATION);
      if (signature != null
          && layer.mediaType().equals(ImageSignature.PAYLOAD_TYPE)
          && all.size() < MOST) {
        byte[] payload = VerifiedInput.readAll(source.open(repository, layer), layer, MAX_PAYLOAD);
        all.add(new ImageSignature(payload, signature));
      }
    }
  }

  /// Puts a signature beside the image, with those that are there.
  ///
  /// @param image what the signature is of
  public void add(
      Repository repository, Descriptor image, ImageSignature signature, Credentials credentials)
      throws IOException {
    RegistrySource source = client.source(repository.host(), credentials);
    RegistryTarget target =
        client.target(
            repository.host(),
            credentials,
            blob -> new ByteArrayInputStream(signature.payload()),
            blob -> null);
    Descriptor payload =
        new Descriptor(
            ImageSignature.PAYLOAD_TYPE,
            Digest.of(signature.payload()),
            signature.payload().length,
            null,
            Map.of(ImageSignature.ANNOTATION, signature.signature()));
    put(target, repository, payload, signature.payload());

    List<Descriptor> layers = new ArrayList<>();
    Manifest.Image before = tagged(source, repository, image.digest());
    if (before != null) {
      layers.addAll(before.layers());
    }
    layers.add(payload);
    byte[] config = config(layers);
    Descriptor configured = Descriptor.of(MediaType.OCI_CONFIG, config);
    put(target, repository, configured, config);
    target.publish(
        tag(repository, image.digest()),
        Manifests.write(
            MediaType.OCI_MANIFEST, new Manifest.Image(configured, layers, null, Map.of())));

    byte[] empty = SigningKey.utf8("{}");
    Descriptor artifact = Descriptor.of(ARTIFACT, empty);
    put(target, repository, artifact, empty);
    Document<Manifest> referrer =
        Manifests.write(
            MediaType.OCI_MANIFEST,
            new Manifest.Image(
                artifact,
                List.of(payload),
                Descriptor.of(image.mediaType(), image.digest(), image.size()),
                Map.of()));
    target.publish(new Reference.Pin(repository, null, referrer.digest()), referrer);
  }

  private static void put(
      RegistryTarget target, Repository repository, Descriptor blob, byte[] bytes)
      throws IOException {
    if (!target.contains(repository, blob)) {
      target.put(repository, blob, new ByteArrayInputStream(bytes));
    }
  }

  private static byte[] config(List<Descriptor> layers) {
    Map<String, Object> rootfs = new LinkedHashMap<>();
    rootfs.put("type", "layers");
    rootfs.put("diff_ids", layers.stream().map(each -> each.digest().toString()).toList());
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architecture", "");
    config.put("os", "");
    config.put("config", Map.of());
    config.put("rootfs", rootfs);
    return Json.full().write(config);
  }
}
