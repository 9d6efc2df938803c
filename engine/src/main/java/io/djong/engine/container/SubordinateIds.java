package io.djong.engine.container;

import io.djong.linux.IdMapping.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ids that the machine lets users hand on (subuid(5)): lines `USER:FIRST:COUNT`.
final class SubordinateIds {
  static final Path USERS = Path.of("/etc/subuid");
  static final Path GROUPS = Path.of("/etc/subgid");

  private final List<String> lines;

  SubordinateIds(String text) {
    this.lines = text.lines().toList();
  }

  /// What the file says now; nothing if it is not there.
  static SubordinateIds read(Path file) throws IOException {
    return new SubordinateIds(Files.isReadable(file) ? Files.readString(file) : "");
  }

  /// As many ids of the host one after the other.
  record Span(long first, long count) {
    long end() {
      return first + count;
    }
  }

  /// What a user has, in the order of the lines. Lines that are none are passed over.
  ///
  /// @param user a name, or a number
  List<Span> of(String user) {
    List<Span> spans = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.strip().split(":", -1);
      if (fields.length == 3 && fields[0].equals(user)) {
        Span span = span(fields[1], fields[2]);
        if (span != null) {
          spans.add(span);
        }
      }
    }
    return List.copyOf(spans);
  }

  private static @Nullable Span span(String first, String count) {
    try {
      Span span = new Span(Long.parseLong(first), Long.parseLong(count));
      boolean good = span.first() > 0 && span.count() > 0 && span.end() <= 0xffff_ffffL;
      return good ? span : null;
    } catch (NumberFormatException _) { // It is none.
      return null;
    }
  }

  /// All of the spans, so that the first id is 0's and so on.
  static List<Range> mapped(List<Span> spans) {
    List<Range> ranges = new ArrayList<>();
    long next = 0;
    for (Span span : spans) {
      ranges.add(new Range(next, span.first(), span.count()));
      next += span.count();
    }
    return ranges;
  }

  /// The first place in the spans where so many ids in a row are nobody's.
  ///
  /// @return null if there is none
  static @Nullable Range free(List<Span> spans, List<Span> taken, long count) {
    List<Span> inOrder = new ArrayList<>(taken);
    inOrder.sort(Comparator.comparingLong(Span::first));
    for (Span span : spans) {
      long at = span.first();
      for (Span other : inOrder) {
        if (other.end() > at && other.first() < at + count) {
          at = other.end();
        }
      }
      if (at + count <= span.end()) {
        return new Range(0, at, count);
      }
    }
    return null;
  }
}
