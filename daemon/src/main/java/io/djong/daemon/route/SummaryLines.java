package io.djong.daemon.route;

import io.djong.api.AnswerJson;
import io.djong.api.ContainerSummary;
import io.djong.engine.ContainerDetails;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The list of containers as JSON. What was written of a container is kept and used again while it
/// and its image's name stay the same: lists are asked for again and again, and little changes.
/// Safe for use by several threads.
final class SummaryLines {
  private final ContainerAnswers answers;
  private final Map<String, Line> kept = new ConcurrentHashMap<>();

  /// @param image as shown, which may change though the container does not
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Line(ContainerDetails of, String image, String status, byte[] json) {}

  SummaryLines(ContainerAnswers answers) {
    this.answers = answers;
  }

  /// @param whole whether these are all containers: lines of others are forgotten then
  byte[] json(List<ContainerDetails> containers, Instant now, boolean whole) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(1024 + 1024 * containers.size());
    ContainerAnswers.ImageNames names = answers.names();
    Set<String> seen = new HashSet<>();
    char before = '[';
    for (ContainerDetails container : containers) {
      all.write(before);
      all.write(line(container, now, names.of(container)));
      before = ',';
      seen.add(container.id().hex());
    }
    if (containers.isEmpty()) {
      all.write('[');
    }
    all.write(']');
    all.write('\n');
    if (whole) {
      kept.keySet().retainAll(seen);
    }
    return all.toByteArray();
  }

  private byte[] line(ContainerDetails container, Instant now, String image) {
    String status = ContainerAnswers.statusOf(container, now);
    Line line = kept.get(container.id().hex());
    if (line != null
        && isSame(line.of(), container)
        && line.image().equals(image)
        && line.status().equals(status)) {
      return line.json();
    }
    ContainerSummary summary = ContainerAnswers.summary(container, now, image);
    byte[] json = AnswerJson.write(summary);
    if (container.sizes() == null) {
      kept.put(container.id().hex(), new Line(container, image, status, json));
    }
    return json;
  }

  /// The engine gives the same object while nothing has changed; comparing all of two would cost
  /// what is to be saved.
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(ContainerDetails one, ContainerDetails other) {
    return one == other;
  }
}
