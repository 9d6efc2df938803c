package io.djong.build;

import io.djong.model.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds images from Dockerfiles. Safe for use by several threads: builds run side by side, and
/// equal steps of theirs once.
public interface Builder extends AutoCloseable {
  /// Builds to the end. Whoever is interrupted meanwhile ends the build; steps that were finished
  /// stay in the cache, nothing else is left.
  ///
  /// @throws io.djong.model.Fault if the Dockerfile cannot be read, or something it asks for is not
  ///   there or fails
  BuildResult build(BuildRequest request, BuildListener listener)
      throws IOException, InterruptedException;

  /// Looks at the Dockerfile alone, and at nothing it names.
  ///
  /// @return what is allowed and probably not meant
  /// @throws io.djong.model.Fault.Invalid if it cannot be read
  List<Finding> check(BuildRequest request) throws IOException, InterruptedException;

  /// Which of these files of a context need to be sent: a build whose context is
  /// [BuildRequest.Context.Rest] leaves the others out.
  ///
  /// @param digests of their bytes
  ContextOffer offer(Collection<Digest> digests) throws IOException;

  /// What the cache holds, the least recently used first.
  List<CacheEntry> cache() throws IOException;

  /// Frees what of the cache no running build uses. Idempotent.
  Pruned prune(PruneWish wish) throws IOException;

  /// The last builds.
  BuildHistory history();

  /// Lets go of everything. No build runs any more.
  @Override
  void close() throws IOException;

  /// @param lease names the offer, which is good for one build within ten minutes
  /// @param missing what must be sent
  record ContextOffer(String lease, List<Digest> missing) {}

  /// @param image its id
  /// @param steps what each step was and cost, in the order of the file
  record BuildResult(Digest image, List<StepReport> steps) {}

  /// @param rule its name at Docker
  /// @param place the line, shown
  record Finding(String rule, int line, String message, String place) {}

  /// What became of one instruction.
  ///
  /// @param why why its result was, or was not, taken from the cache; null if there was nothing to
  ///   take
  record StepReport(
      int number,
      String text,
      boolean cached,
      @Nullable String why,
      Instant began,
      Instant ended) {}

  /// One result that is kept.
  ///
  /// @param size in bytes, of what this one adds
  record CacheEntry(
      String id,
      String type,
      String description,
      boolean inUse,
      boolean shared,
      long size,
      Instant created,
      Instant lastUsed,
      int uses) {}

  /// What is to be freed.
  ///
  /// @param keepBytes the newest results stay up to this sum; 0 keeps none
  /// @param unusedSince only what was not used after this; null is all
  /// @param filters `id`, `type`, `description`: only those that contain one of the words
  record PruneWish(
      long keepBytes, @Nullable Instant unusedSince, Map<String, List<String>> filters) {
    /// Whether an entry is one of those, all sizes left aside.
    public boolean covers(CacheEntry entry) {
      if (unusedSince != null && entry.lastUsed().isAfter(unusedSince)) {
        return false;
      }
      for (Map.Entry<String, List<String>> filter : filters.entrySet()) {
        String value =
            switch (filter.getKey()) {
              case "id" -> entry.id();
              case "type" -> entry.type();
              default -> entry.description();
            };
        if (filter.getValue().stream().noneMatch(value::contains)) {
          return false;
        }
      }
      return true;
    }
  }

  /// What was freed.
  ///
  /// @param spaceReclaimed in bytes
  record Pruned(List<String> removed, long spaceReclaimed) {
    /// Both together.
    public Pruned and(Pruned other) {
      List<String> all = new ArrayList<>(removed);
      all.addAll(other.removed);
      return new Pruned(all, spaceReclaimed + other.spaceReclaimed);
    }
  }
}
