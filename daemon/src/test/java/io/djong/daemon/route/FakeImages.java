package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.engine.Filters;
import io.djong.engine.Images;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.RunConfig;
import io.djong.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One image, `busybox:latest`.
final class FakeImages implements Images {
  final List<String> asked = new ArrayList<>();

  private static ImageDetails image() {
    ImageConfig config =
        Json.full()
            .read(
                ImageConfig.class,
                """
                {"architecture":"amd64","os":"linux","config":{"Cmd":["sh"]},
                 "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"comment":"Imported from -"}]}
                """
                    .formatted("a".repeat(64)));
    return new ImageDetails(
        FakeEngine.IMAGE,
        FakeEngine.IMAGE,
        List.of("busybox:latest"),
        List.of(),
        null,
        config,
        Instant.parse("2026-11-22T08:00:00Z"),
        1_984_180,
        1,
        null,
        Map.of());
  }

  private static ImageDetails find(String ref) {
    if (!ref.startsWith("busybox") && !FakeEngine.IMAGE.toString().contains(ref)) {
      throw new Fault.NotFound("No such image: " + ref + ":latest");
    }
    return image();
  }

  @Override
  public Map<Digest, Long> sharedSizes() {
    return Map.of(FakeEngine.IMAGE, 0L);
  }

  @Override
  public long layersSize() {
    return 1_984_180;
  }

  @Override
  public List<ImageDetails> list(boolean all, Filters filters) {
    asked.add("list " + filters.values());
    return List.of(image());
  }

  @Override
  public ImageDetails inspect(String ref) {
    return find(ref);
  }

  @Override
  public List<HistoryEntry> history(String ref) {
    return List.of(
        new HistoryEntry(null, find(ref).created(), "", List.of(), 1_984_180, "Imported from -"));
  }

  @Override
  public void tag(String ref, String repository, @Nullable String tag) {
    find(ref);
    asked.add("tag " + repository + " " + tag);
  }

  @Override
  public void sweep() {}

  @Override
  public Digest publish(ImageConfig config, List<Reference.Tag> names) {
    throw new UnsupportedOperationException("no route publishes by itself");
  }

  @Override
  public List<Removal> remove(String ref, boolean force, boolean noPrune) {
    find(ref);
    return List.of(new Removal(ref, null), new Removal(null, FakeEngine.IMAGE.toString()));
  }

  @Override
  public Pruned prune(Filters filters) {
    return new Pruned(List.of(), 0);
  }

  @Override
  public void load(InputStream archive, Progress progress) throws IOException {
    String text = new String(archive.readAllBytes(), UTF_8);
    if (text.isEmpty()) {
      throw new Fault.Invalid("invalid archive: it is empty");
    }
    progress.on(new Progress.Event("layer", "Loading layer", 5, 10));
    if (text.equals("torn")) {
      throw new Fault.Invalid("invalid archive: it ends too early");
    }
    progress.say("Loaded image: busybox:latest");
  }

  @Override
  public void save(List<String> refs, OutputStream archive) throws IOException {
    refs.forEach(FakeImages::find);
    archive.write(String.join(",", refs).getBytes(UTF_8));
  }

  @Override
  public Digest importTree(
      InputStream tar,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String message,
      List<String> changes,
      @Nullable String platform)
      throws IOException {
    tar.readAllBytes();
    asked.add("import " + repository + " " + tag + " " + message + " " + changes);
    return FakeEngine.IMAGE;
  }

  @Override
  public Digest commit(
      String containerRef,
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String comment,
      @Nullable String author,
      boolean pause,
      List<String> changes,
      @Nullable RunConfig config) {
    asked.add("commit " + repository + " " + author + " " + pause + " " + changes + " " + config);
    return FakeEngine.IMAGE;
  }
}
