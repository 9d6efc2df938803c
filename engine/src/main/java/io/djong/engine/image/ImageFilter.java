package io.djong.engine.image;

import io.djong.engine.Filters;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.RunConfig;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which images a list is narrowed to, as Docker reads the filters of `/images/json`.
final class ImageFilter {
  private static final Set<String> KEYS =
      Set.of("before", "dangling", "label", "label!", "reference", "since", "until");

  private final Filters filters;
  private final @Nullable Instant before;
  private final @Nullable Instant since;

  ImageFilter(Filters filters, ImageIndex index, Instant now) throws IOException {
    filters.allowOnly(KEYS);
    this.filters = filters;
    Instant limit = filters.has("before") ? created(index, "before") : null;
    if (filters.has("until")) {
      Instant until = Moments.parse(filters.of("until").getFirst(), now);
      limit = limit == null || until.isBefore(limit) ? until : limit;
    }
    this.before = limit;
    this.since = filters.has("since") ? created(index, "since") : null;
  }

  private Instant created(ImageIndex index, String key) throws IOException {
    return index.find(filters.of(key).getFirst()).created();
  }

  boolean fits(StoredImage image, List<Reference> names) {
    RunConfig run = image.config().config();
    Map<String, String> labels = run == null ? Map.of() : run.labels();
    return (before == null || image.created().isBefore(before))
        && (since == null || image.created().isAfter(since))
        && (!filters.has("dangling") || truth(filters.of("dangling")) == names.isEmpty())
        && (!filters.has("reference") || !shown(names).isEmpty())
        && filters.fitLabels(labels);
  }

  /// The names that fit.
  List<Reference> shown(List<Reference> names) {
    if (!filters.has("reference")) {
      return names;
    }
    return names.stream().filter(this::fitsPattern).toList();
  }

  private boolean fitsPattern(Reference name) {
    for (String pattern : filters.of("reference")) {
      if (pattern.length() > 300) {
        throw new Fault.Invalid("invalid filter 'reference': longer than 300 characters");
      }
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      String repository = name.repository().familiar();
      if (matcher.matches(Path.of(name.familiar()))
          || matcher.matches(Path.of(repository))
          || matcher.matches(Path.of(name.toString()))) {
        return true;
      }
    }
    return false;
  }

  static boolean truth(List<String> values) {
    return switch (values.getFirst()) {
      case "1", "true", "True", "TRUE", "t" -> true;
      case "0", "false", "False", "FALSE", "f" -> false;
      default -> throw new Fault.Invalid("invalid filter 'dangling=" + values + "'");
    };
  }
}
