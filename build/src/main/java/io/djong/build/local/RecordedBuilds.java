package io.djong.build.local;

import io.djong.build.BuildHistory;
import io.djong.build.BuildListener;
import io.djong.build.BuildRequest;
import io.djong.build.Builder.StepReport;
import io.djong.content.RecordStore;
import io.djong.content.RecordStore.Change;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.json.Json;
import io.djong.model.record.BuildRecord;
import io.djong.model.record.BuildRecord.StepRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keeps the last builds: what they were in the record store, soon after they have ended, what they
/// said in a file each.
final class RecordedBuilds implements BuildHistory {
  private static final String KIND = "build";
  private static final int MOST = 100;

  private final RecordStore records;
  private final Path logs;
  private final InstantSource clock;

  /// Guards the map.
  private final Object lock = new Object();

  private final Map<String, BuildRecord> all = new HashMap<>();

  /// @param logs nobody else uses it
  RecordedBuilds(RecordStore records, Path logs, InstantSource clock) throws IOException {
    this.records = records;
    this.logs = Files.createDirectories(logs);
    this.clock = clock;
    for (byte[] bytes : records.all(KIND).values()) {
      BuildRecord record = Json.lean().read(BuildRecord.class, bytes);
      all.put(record.id(), record);
    }
  }

  /// A build that goes on. Its listener may be called by several threads.
  final class Recording {
    private final BuildRecord begun;
    private final BuildLog log;

    private Recording(BuildRecord begun, BuildLog log) {
      this.begun = begun;
      this.log = log;
    }

    /// Tells another one, and notes it.
    BuildListener noting(BuildListener other) {
      return event -> {
        log.on(event);
        other.on(event);
      };
    }

    /// @param image what was made; null if nothing was
    void end(@Nullable Digest image, @Nullable Exception failure, List<StepReport> steps)
        throws IOException {
      log.close();
      List<StepRecord> kept =
          steps.stream()
              .map(
                  step ->
                      new StepRecord(
                          step.number(),
                          step.text(),
                          step.cached(),
                          step.why(),
                          step.began().toString(),
                          step.ended().toString()))
              .toList();
      String state = image != null ? "done" : failure == null ? "interrupted" : "failed";
      keep(
          begun.ended(
              clock.instant().toString(),
              state,
              image == null ? null : image.toString(),
              failure == null ? null : failure.getMessage(),
              kept));
    }
  }

  Recording begin(BuildRequest request) throws IOException {
    String id = UUID.randomUUID().toString().replace("-", "");
    BuildRecord record =
        new BuildRecord(
            id,
            request.names().stream().map(Reference.Tag::familiar).toList(),
            request.dockerfile(),
            request.target(),
            clock.instant().toString(),
            null,
            "running",
            null,
            null,
            List.of());
    synchronized (lock) {
      all.put(id, record);
    }
    forgetOldest();
    return new Recording(record, new BuildLog(logs.resolve(id), clock));
  }

  private void keep(BuildRecord record) throws IOException {
    // Nobody waits for the disk to remember that there was a build.
    records.writeLater(List.of(new Change(KIND, record.id(), Json.lean().write(record))));
    synchronized (lock) {
      all.put(record.id(), record);
    }
  }

  private void forgetOldest() throws IOException {
    List<BuildRecord> old;
    synchronized (lock) {
      old = inOrder().stream().skip(MOST).filter(record -> record.ended() != null).toList();
      old.forEach(record -> all.remove(record.id()));
    }
    if (!old.isEmpty()) {
      records.writeLater(old.stream().map(record -> new Change(KIND, record.id(), null)).toList());
    }
    for (BuildRecord record : old) {
      Files.deleteIfExists(logs.resolve(record.id()));
    }
  }

  private List<BuildRecord> inOrder() {
    return all.values().stream()
        .sorted(
            Comparator.comparing((BuildRecord record) -> Instant.parse(record.began())).reversed())
        .toList();
  }

  @Override
  public List<PastBuild> list() {
    synchronized (lock) {
      return inOrder().stream().map(RecordedBuilds::told).toList();
    }
  }

  @Override
  public PastBuild find(String ref) {
    return told(record(ref));
  }

  private BuildRecord record(String ref) {
    List<BuildRecord> found;
    synchronized (lock) {
      found = all.values().stream().filter(record -> record.id().startsWith(ref)).toList();
    }
    if (ref.isEmpty() || found.isEmpty()) {
      throw new Fault.NotFound("No such build: " + ref);
    }
    if (found.size() > 1) {
      throw new Fault.Invalid("several builds begin with " + ref);
    }
    return found.getFirst();
  }

  @Override
  public InputStream log(String ref) throws IOException {
    try {
      return Files.newInputStream(logs.resolve(record(ref).id()));
    } catch (NoSuchFileException _) {
      return InputStream.nullInputStream(); // It said nothing yet.
    }
  }

  private static PastBuild told(BuildRecord record) {
    String ended = record.ended();
    return new PastBuild(
        record.id(),
        record.names(),
        record.dockerfile(),
        record.target(),
        Instant.parse(record.began()),
        ended == null ? null : Instant.parse(ended),
        record.state(),
        record.image(),
        record.error(),
        record.steps().stream()
            .map(
                step ->
                    new StepReport(
                        step.number(),
                        step.text(),
                        step.cached(),
                        step.why(),
                        Instant.parse(step.began()),
                        Instant.parse(step.ended())))
            .toList());
  }
}
