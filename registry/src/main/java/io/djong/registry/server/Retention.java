package io.djong.registry.server;

import io.djong.model.Digest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which tags of repositories stay. A tag stays if any of these keeps it; immutable ones always do.
/// Manifests that lost their last tag so, and that nothing else needs, go too.
///
/// @param repositories patterns of the names it is for
/// @param newest how many of the tags that were written last; 0 for none
/// @param younger tags written within this time
/// @param matching patterns of tags
record Retention(
    List<String> repositories, int newest, @Nullable Duration younger, List<String> matching) {

  private record Tagged(String tag, Instant written) {}

  boolean isFor(String repository) {
    return repositories.stream().anyMatch(each -> Pattern.matches(each, repository));
  }

  /// Applies it to a repository.
  ///
  /// @return the tags that were taken away
  List<String> apply(Repositories repositories, Policy policy, String repository, Instant now)
      throws IOException {
    List<Tagged> tags = new ArrayList<>();
    for (String tag : repositories.all(Keys.tags(repository))) {
      tags.add(new Tagged(tag, repositories.storage().written(Keys.tag(repository, tag))));
    }
    tags.sort(Comparator.comparing(Tagged::written).reversed().thenComparing(Tagged::tag));
    List<String> gone = new ArrayList<>();
    Set<Digest> loose = new HashSet<>();
    for (int i = 0; i < tags.size(); i++) {
      Tagged each = tags.get(i);
      boolean stays =
          i < newest
              || (younger != null && each.written().isAfter(now.minus(younger)))
              || matching.stream().anyMatch(pattern -> Pattern.matches(pattern, each.tag()))
              || policy.isImmutable(repository, each.tag());
      if (!stays) {
        Digest digest = repositories.tagged(repository, each.tag());
        if (repositories.deleteTag(repository, each.tag())) {
          gone.add(each.tag());
          if (digest != null) {
            loose.add(digest);
          }
        }
      }
    }
    for (Digest digest : loose) {
      repositories.removeIfLoose(repository, digest);
    }
    return gone;
  }
}
