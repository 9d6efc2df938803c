package io.djong.registry.server;

import io.djong.model.Digest;

/// Where a registry's entries are in its storage. A repository's path is one name there, with `+`,
/// which no path has, for `/`.
final class Keys {
  static final String REPOSITORIES = "repositories";
  static final String UPLOADS = "uploads";

  private Keys() {}

  static String flat(String repository) {
    return repository.replace('/', '+');
  }

  static String repository(String flat) {
    return flat.replace('+', '/');
  }

  static String tags(String repository) {
    return folder(repository) + "/tags";
  }

  static String tag(String repository, String tag) {
    // A tag may begin with an underscore, but never with a dot.
    return tags(repository) + "/" + tag;
  }

  static String manifests(String repository) {
    return folder(repository) + "/manifests";
  }

  static String manifest(String repository, Digest digest) {
    return manifests(repository) + "/" + digest;
  }

  static String blobs(String repository) {
    return folder(repository) + "/blobs";
  }

  static String blob(String repository, Digest digest) {
    return blobs(repository) + "/" + digest;
  }

  static String referrers(String repository, Digest subject) {
    return folder(repository) + "/referrers/" + subject;
  }

  static String referrer(String repository, Digest subject, Digest digest) {
    return referrers(repository, subject) + "/" + digest;
  }

  static String upload(String id) {
    return UPLOADS + "/" + id;
  }

  private static String folder(String repository) {
    return REPOSITORIES + "/" + flat(repository);
  }
}
