package io.djong.registry;

import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference.Repository;
import io.djong.model.Reference.Tag;
import org.jspecify.annotations.Nullable;

/// Where things are on a registry (OCI distribution specification, Endpoints). `name` is always the
/// path of a repository, valid and without a host. What parses here holds nothing that would have
/// to be percent-encoded, but for the id of an upload, which is the server's own text.
public sealed interface RegistryPath {
  /// Whether the registry is there, and whether one may use it.
  record Base() implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/";
    }
  }

  /// The names of all repositories.
  record Catalog() implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/_catalog";
    }
  }

  record Tags(String name) implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/" + name + "/tags/list";
    }
  }

  /// A manifest or index.
  ///
  /// @param reference a tag, or a digest as text
  record ManifestAt(String name, String reference) implements RegistryPath {
    /// Null if it is a tag.
    public @Nullable Digest digest() {
      return reference.indexOf(':') < 0 ? null : Digest.parse(reference);
    }

    @Override
    public String toString() {
      return "/v2/" + name + "/manifests/" + reference;
    }
  }

  record Blob(String name, Digest digest) implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/" + name + "/blobs/" + digest;
    }
  }

  /// Where uploads begin.
  record Uploads(String name) implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/" + name + "/blobs/uploads/";
    }
  }

  record Upload(String name, String id) implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/" + name + "/blobs/uploads/" + id;
    }
  }

  /// What says of itself that it is about a manifest.
  record Referrers(String name, Digest subject) implements RegistryPath {
    @Override
    public String toString() {
      return "/v2/" + name + "/referrers/" + subject;
    }
  }

  /// Reads the path of a request, percent-encoded as it came and without its query.
  ///
  /// @return null if it is none of these
  /// @throws RegistryFault with `NAME_INVALID`, `DIGEST_INVALID` or `TAG_INVALID` if it is one,
  ///   with a part that cannot be
  static @Nullable RegistryPath parse(String path) {
    if (path.equals("/v2/") || path.equals("/v2")) {
      return new Base();
    }
    if (path.equals("/v2/_catalog")) {
      return new Catalog();
    }
    if (!path.startsWith("/v2/")) {
      return null;
    }
    String rest = path.substring("/v2/".length());
    if (rest.endsWith("/tags/list")) {
      return new Tags(name(rest.substring(0, rest.length() - "/tags/list".length())));
    }
    if (rest.endsWith("/blobs/uploads/") || rest.endsWith("/blobs/uploads")) {
      return new Uploads(name(rest.substring(0, rest.lastIndexOf("/blobs/uploads"))));
    }
    int slash = rest.lastIndexOf('/');
    if (slash < 0) {
      return null;
    }
    String last = rest.substring(slash + 1);
    String before = rest.substring(0, slash);
    if (before.endsWith("/blobs/uploads")) {
      return new Upload(name(cut(before, "/blobs/uploads")), last);
    }
    if (before.endsWith("/blobs")) {
      return new Blob(name(cut(before, "/blobs")), digest(last));
    }
    if (before.endsWith("/referrers")) {
      return new Referrers(name(cut(before, "/referrers")), digest(last));
    }
    if (before.endsWith("/manifests")) {
      return manifest(name(cut(before, "/manifests")), last);
    }
    return null;
  }

  private static ManifestAt manifest(String name, String reference) {
    String plain = reference.replace("%3A", ":").replace("%3a", ":");
    if (plain.indexOf(':') >= 0) {
      return new ManifestAt(name, digest(plain).toString());
    }
    if (!Tag.isTag(plain)) {
      throw new RegistryFault(RegistryError.TAG_INVALID, "invalid tag");
    }
    return new ManifestAt(name, plain);
  }

  private static String cut(String text, String end) {
    return text.substring(0, text.length() - end.length());
  }

  private static String name(String text) {
    if (!Repository.isPath(text)) {
      throw new RegistryFault(RegistryError.NAME_INVALID, RegistryError.NAME_INVALID.message());
    }
    return text;
  }

  private static Digest digest(String text) {
    try {
      return Digest.parse(text.replace("%3A", ":").replace("%3a", ":"));
    } catch (Fault.Invalid e) {
      throw new RegistryFault(RegistryError.DIGEST_INVALID, e.getMessage());
    }
  }
}
