package io.djong.registry.sign;

import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which images may be pulled and run: the file that podman and skopeo read too
/// (containers-policy.json(5)), as far as its rules `insecureAcceptAnything`, `reject` and
/// `sigstoreSigned` go. What it says and is not known here is refused, since it may forbid
/// something. Immutable.
public final class TrustPolicy {
  /// Everything is trusted.
  public static final TrustPolicy ACCEPT =
      new TrustPolicy(List.of(new Requirement.Accept()), Map.of());

  private final List<Requirement> otherwise;
  private final Map<String, List<Requirement>> scopes;

  private TrustPolicy(List<Requirement> otherwise, Map<String, List<Requirement>> scopes) {
    this.otherwise = List.copyOf(otherwise);
    this.scopes = Map.copyOf(scopes);
  }

  /// Knows the signatures of the image that is judged.
  @FunctionalInterface
  public interface Known {
    List<ImageSignature> signatures() throws IOException;
  }

  private sealed interface Requirement {
    record Accept() implements Requirement {}

    record Reject() implements Requirement {}

    /// @param exact whether a signature must say the very name, or the repository alone
    record Signed(List<VerifyingKey> keys, boolean exact) implements Requirement {}
  }

  /// @throws Fault.Invalid if the file says what is not known
  public static TrustPolicy read(Path file) throws IOException {
    if (!(Json.full().readTree(Files.readAllBytes(file)) instanceof Map<?, ?> all)
        || !(all.get("default") instanceof List<?> otherwise)) {
      throw new Fault.Invalid(file + ": want an object with default");
    }
    Map<String, List<Requirement>> scopes = new LinkedHashMap<>();
    if (all.get("transports") instanceof Map<?, ?> transports
        && transports.get("docker") instanceof Map<?, ?> docker) {
      for (Map.Entry<?, ?> scope : docker.entrySet()) {
        if (!(scope.getValue() instanceof List<?> requirements)) {
          throw new Fault.Invalid(file + ": want a list for " + scope.getKey());
        }
        scopes.put(String.valueOf(scope.getKey()), requirements(file, requirements));
      }
    }
    return new TrustPolicy(requirements(file, otherwise), scopes);
  }

  private static List<Requirement> requirements(Path file, List<?> list) throws IOException {
    if (list.isEmpty()) {
      throw new Fault.Invalid(file + ": an empty list of requirements allows nothing: say reject");
    }
    List<Requirement> all = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> map)) {
        throw new Fault.Invalid(file + ": want objects with type");
      }
      all.add(
          switch (String.valueOf(map.get("type"))) {
            case "insecureAcceptAnything" -> new Requirement.Accept();
            case "reject" -> new Requirement.Reject();
            case "sigstoreSigned" -> signed(file, map);
            default ->
                throw new Fault.Invalid(
                    file + ": requirements of type " + map.get("type") + " are not known");
          });
    }
    return all;
  }

  private static Requirement signed(Path file, Map<?, ?> map) throws IOException {
    List<VerifyingKey> keys = new ArrayList<>();
    boolean exact = true;
    for (Map.Entry<?, ?> each : map.entrySet()) {
      Object value = each.getValue();
      switch (String.valueOf(each.getKey())) {
        case "type" -> {}
        case "keyPath" -> keys.add(key(Path.of(String.valueOf(value))));
        case "keyPaths" -> {
          for (Object path : value instanceof List<?> paths ? paths : List.of()) {
            keys.add(key(Path.of(String.valueOf(path))));
          }
        }
        case "keyData" ->
            keys.add(
                VerifyingKey.read(
                    new String(
                        Base64.getMimeDecoder().decode(String.valueOf(value)),
                        StandardCharsets.UTF_8)));
        case "signedIdentity" -> {
          String type =
              value instanceof Map<?, ?> identity ? String.valueOf(identity.get("type")) : "";
          exact =
              switch (type) {
                case "matchRepository" -> false;
                case "matchRepoDigestOrExact", "matchExact" -> true;
                default ->
                    throw new Fault.Invalid(
                        file
                            + ": want signedIdentity matchRepository or matchRepoDigestOrExact,"
                            + " found "
                            + type);
              };
        }
        default ->
            throw new Fault.Invalid(
                file + ": sigstoreSigned has no key " + each.getKey() + " here");
      }
    }
    if (keys.isEmpty()) {
      throw new Fault.Invalid(file + ": sigstoreSigned wants keyPath, keyPaths or keyData");
    }
    return new Requirement.Signed(List.copyOf(keys), exact);
  }

  private static VerifyingKey key(Path path) throws IOException {
    return VerifyingKey.read(Files.readString(path));
  }

  /// Signatures by any of these keys are wanted, of the repository if not of the very name.
  public static TrustPolicy signedBy(List<VerifyingKey> keys) {
    return new TrustPolicy(List.of(new Requirement.Signed(List.copyOf(keys), false)), Map.of());
  }

  /// Whether signatures are looked at for a name: else there is no need to have them.
  public boolean wantsSignatures(Reference name) {
    return requirements(name).stream().anyMatch(Requirement.Signed.class::isInstance);
  }

  /// Whether anything is refused at all.
  public boolean acceptsAll() {
    return scopes.isEmpty() && otherwise.stream().allMatch(Requirement.Accept.class::isInstance);
  }

  /// Admits an image under a name.
  ///
  /// @param digest of what the name points at
  /// @param known asked if signatures matter
  /// @throws Fault.Denied if it is not trusted
  public void admit(Reference name, Digest digest, Known known) throws IOException {
    for (Requirement requirement : requirements(name)) {
      switch (requirement) {
        case Requirement.Accept accept -> {}
        case Requirement.Reject reject ->
            throw new Fault.Denied("image " + name.familiar() + " is rejected by the trust policy");
        case Requirement.Signed signed -> admit(name, digest, signed, known.signatures());
      }
    }
  }

  private static void admit(
      Reference name, Digest digest, Requirement.Signed signed, List<ImageSignature> signatures) {
    String why = "it has no signature";
    for (ImageSignature each : signatures) {
      ImageSignature.Claim claim = each.claim(signed.keys());
      if (claim == null) {
        why = "it has no signature by a key that is trusted";
      } else if (!claim.digest().equals(digest)) {
        why = "its signature is of another image, " + claim.digest();
      } else if (!isName(claim.name(), name, signed.exact())) {
        why = "its signature is for the name " + claim.name();
      } else {
        return;
      }
    }
    throw new Fault.Denied(
        "image "
            + name.familiar()
            + " ("
            + digest
            + ") is not trusted: "
            + why
            + "; sign it, or change the trust policy");
  }

  private static boolean isName(String said, Reference name, boolean exact) {
    Reference claimed;
    try {
      claimed = Reference.parse(said);
    } catch (Fault.Invalid e) {
      return false;
    }
    if (!claimed.repository().equals(name.repository())) {
      return false;
    }
    // Whoever asks by digest has chosen the image already.
    return !exact || name instanceof Reference.Pin || claimed.equals(name);
  }

  /// Of the scopes that fit, the most special one.
  private List<Requirement> requirements(Reference name) {
    Repository repository = name.repository();
    List<Requirement> exact = scopes.get(name.toString());
    if (exact != null) {
      return exact;
    }
    for (String scope = repository.toString();
        ;
        scope = scope.substring(0, scope.lastIndexOf('/'))) {
      List<Requirement> found = scopes.get(scope);
      if (found != null) {
        return found;
      }
      if (scope.indexOf('/') < 0) {
        break;
      }
    }
    for (int dot = repository.host().indexOf('.');
        dot >= 0;
        dot = repository.host().indexOf('.', dot + 1)) {
      List<Requirement> found = scopes.get("*" + repository.host().substring(dot));
      if (found != null) {
        return found;
      }
    }
    List<Requirement> all = scopes.get("");
    return all == null ? otherwise : all;
  }
}
