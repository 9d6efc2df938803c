package io.djong.registry.server;

import io.djong.model.Digest;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// What repositories may hold.
///
/// @param immutableTags patterns of `REPOSITORY:TAG` whose tags, once given, never change
/// @param quotas the most bytes of the blobs of one repository, by pattern of its name; the first
///   that matches holds
record Policy(List<String> immutableTags, Map<String, Long> quotas) {
  /// Everything is allowed.
  static final Policy OPEN = new Policy(List.of(), Map.of());

  boolean isImmutable(String repository, String tag) {
    return immutableTags.stream().anyMatch(each -> Pattern.matches(each, repository + ":" + tag));
  }

  /// @throws RegistryFault with `DENIED` if the tag names something else and may not change
  void admitTag(Repositories repositories, String repository, String tag, Digest digest)
      throws IOException {
    if (isImmutable(repository, tag)) {
      Digest now = repositories.tagged(repository, tag);
      if (now != null && !now.equals(digest)) {
        throw new RegistryFault(
            RegistryError.DENIED, "tag " + tag + " is immutable and names " + now + " already");
      }
    }
  }

  void admitRemoval(String repository, String tag) {
    if (isImmutable(repository, tag)) {
      throw new RegistryFault(RegistryError.DENIED, "tag " + tag + " is immutable");
    }
  }

  /// @throws RegistryFault with `DENIED` if the repository would become larger than it may
  void admitBytes(Repositories repositories, String repository, long more) throws IOException {
    for (Map.Entry<String, Long> quota : quotas.entrySet()) {
      if (Pattern.matches(quota.getKey(), repository)) {
        if (repositories.bytes(repository) + more > quota.getValue()) {
          throw new RegistryFault(
              RegistryError.DENIED,
              "the quota of " + quota.getValue() + " bytes of " + repository + " is used up");
        }
        return;
      }
    }
  }
}
