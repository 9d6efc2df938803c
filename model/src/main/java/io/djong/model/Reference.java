package io.djong.model;

import org.jspecify.annotations.Nullable;

/// Names an image as people write it, completed as Docker completes it: no host means `docker.io`,
/// a bare name on that host lies under `library/`, no tag and no digest means the tag `latest`.
///
/// The grammar is that of the distribution project's `reference` package. Parsing is linear in the
/// length of the text, which may be at most 4096 characters.
public sealed interface Reference {
  String DEFAULT_HOST = "docker.io";
  String DEFAULT_TAG = "latest";

  Repository repository();

  /// A name that may come to mean another image.
  record Tag(Repository repository, String tag) implements Reference {
    /// Whether a text can be a tag: at most 128 letters, digits, `_`, `.` and `-`, the first of
    /// them neither `.` nor `-`.
    public static boolean isTag(String text) {
      return ReferenceParser.isTag(text);
    }

    public Tag {
      if (!ReferenceParser.isTag(tag)) {
        throw new Fault.Invalid("invalid tag \"" + tag + "\": invalid reference format");
      }
    }

    /// The complete text: `docker.io/library/busybox:latest`.
    @Override
    public String toString() {
      return repository + ":" + tag;
    }

    @Override
    public String familiar() {
      return repository.familiar() + ":" + tag;
    }
  }

  /// A name that means one image for ever.
  record Pin(Repository repository, @Nullable String tag, Digest digest) implements Reference {
    @Override
    public String toString() {
      return repository + (tag == null ? "" : ":" + tag) + "@" + digest;
    }

    @Override
    public String familiar() {
      return repository.familiar() + "@" + digest;
    }
  }

  /// Where images of one name live: a registry's host (with a port if it has one) and a path there.
  record Repository(String host, String path) {
    /// Whether a text can be the path of a repository (OCI distribution specification, Pulling
    /// manifests, `<name>`), at most 255 characters.
    public static boolean isPath(String text) {
      return ReferenceParser.isRepositoryPath(text);
    }

    /// The complete text: `docker.io/library/busybox`.
    @Override
    public String toString() {
      return host + "/" + path;
    }

    /// The shortest text that parses to this, as people are shown it: `busybox`.
    public String familiar() {
      if (!host.equals(DEFAULT_HOST)) {
        return toString();
      }
      return path.startsWith("library/") && path.indexOf('/', 8) < 0 ? path.substring(8) : path;
    }
  }

  /// The shortest text that parses to this, as people are shown it: `busybox:latest`.
  String familiar();

  /// Reads a reference.
  ///
  /// @throws Fault.Invalid with Docker's words if the text is not one
  static Reference parse(String text) {
    return ReferenceParser.parse(text);
  }
}
