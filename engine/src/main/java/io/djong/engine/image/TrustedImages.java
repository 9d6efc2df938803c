package io.djong.engine.image;

import io.djong.content.RecordStore;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.sign.ImageSignature;
import io.djong.registry.sign.SignatureStore;
import io.djong.registry.sign.TrustPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Enforces the trust policy: when an image is pulled, and again when a container is made of it.
/// The signatures that were seen with a pull are kept, so that the second needs no registry, and a
/// key that is taken out of the policy counts no more. Safe for use by several threads.
final class TrustedImages {
  private static final String KIND = "signature";

  private final RecordStore records;
  private final ImageIndex index;
  private final RegistryClient client;

  TrustedImages(RecordStore records, ImageIndex index, RegistryClient client) {
    this.records = records;
    this.index = index;
    this.client = client;
  }

  /// @param digest of what the name points at on the registry
  /// @throws Fault.Denied if the policy does not admit it
  void admitPull(Reference name, Digest digest, Credentials credentials) throws IOException {
    TrustPolicy policy = client.trust();
    if (!policy.wantsSignatures(name)) {
      policy.admit(name, digest, List::of);
      return;
    }
    List<ImageSignature> found =
        new SignatureStore(client).find(name.repository(), digest, credentials);
    policy.admit(name, digest, () -> found);
    records.put(
        KIND,
        digest.toString(),
        Json.full().write(found.stream().map(ImageSignature::tree).toList()));
  }

  /// @param ref how somebody named an image of this machine
  /// @throws Fault.Denied if the policy does not admit it under that name, or under any if it was
  ///   named by its id
  void admitRun(String ref) throws IOException {
    TrustPolicy policy = client.trust();
    if (policy.acceptsAll()) {
      return;
    }
    StoredImage image = index.find(ref);
    List<Reference> own = index.names(image.id());
    List<Reference> asked = index.byName(ref) == null ? own : List.of(Reference.parse(ref));
    Fault.Denied denied = null;
    for (Reference name : asked.isEmpty() ? List.of(nameless()) : asked) {
      for (Digest digest : digests(name, own, image)) {
        try {
          policy.admit(name, digest, () -> kept(digest));
          return;
        } catch (Fault.Denied e) {
          denied = e;
        }
      }
    }
    throw Objects.requireNonNull(denied);
  }

  private static Reference nameless() {
    return Reference.parse("localhost/nameless");
  }

  /// What a name of the image was on its registry, when it was pulled.
  private static List<Digest> digests(Reference name, List<Reference> own, StoredImage image) {
    if (name instanceof Reference.Pin pin) {
      return List.of(pin.digest());
    }
    List<Digest> all = new ArrayList<>();
    for (Reference each : own) {
      if (each instanceof Reference.Pin pin && pin.repository().equals(name.repository())) {
        all.add(pin.digest());
      }
    }
    return all.isEmpty() ? List.of(image.descriptor().digest()) : all;
  }

  private List<ImageSignature> kept(Digest digest) throws IOException {
    byte[] record = records.get(KIND, digest.toString());
    List<ImageSignature> all = new ArrayList<>();
    if (record != null && Json.lean().readTree(record) instanceof List<?> list) {
      for (Object each : list) {
        ImageSignature signature = ImageSignature.read(each);
        if (signature != null) {
          all.add(signature);
        }
      }
    }
    return all;
  }
}
