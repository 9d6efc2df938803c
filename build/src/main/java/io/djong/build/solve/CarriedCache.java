package io.djong.build.solve;

import io.djong.build.BuildRequest.Caching;
import io.djong.content.Compression;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.ImageConfig.History;
import io.djong.model.ImageConfig.RootFs;
import io.djong.model.RunConfig;
import io.djong.model.json.Json;
import io.djong.model.record.BuildCacheRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Results of steps that travel in an image: a label says what its layers are the results of, by
/// the keys of the cache, which are the same on every machine. Such an image can be pushed, saved
/// and loaded as any other. For one build.
public final class CarriedCache {
  private static final int MOST_TEXT = 250_000;
  private static final Compression.Limits LIMITS = new Compression.Limits(16 << 20, 1 << 20, 1000);

  private final LayerStore layers;
  private final StepCache.Use cache;

  public CarriedCache(LayerStore layers, StepCache.Use cache) {
    this.layers = layers;
    this.cache = cache;
  }

  /// Remembers what an image carries. Nothing is believed of what its layers are: only stacks of
  /// them count.
  ///
  /// @return how many results; -1 if it carries none
  public int take(ImageConfig image) throws IOException {
    RunConfig config = image.config();
    String label = config == null ? null : config.labels().get(Caching.LABEL);
    if (label == null) {
      return -1;
    }
    Set<Digest> here = new HashSet<>(image.rootfs().diffIds());
    int taken = 0;
    for (BuildCacheRecord record : read(label)) {
      boolean known = record.keys().stream().allMatch(key -> cache.find(key) != null);
      if (!known && here.containsAll(record.diffIds()) && !record.keys().isEmpty()) {
        remember(record);
        taken++;
      }
    }
    return taken;
  }

  private void remember(BuildCacheRecord record) throws IOException {
    LayerStore.Keeping keeping =
        stack ->
            cache.remember(
                record.keys(),
                new Solved(stack, record.trail().stream().map(Solved.Trace::of).toList(), true, ""),
                record.size(),
                record.description(),
                Instant.parse(record.created()));
    if (layers.has(record.diffIds())) {
      keeping.keep(record.diffIds());
    } else {
      stack(record.diffIds(), keeping);
    }
  }

  /// Puts layers that are here on each other.
  private void stack(List<Digest> diffIds, LayerStore.Keeping keeping) throws IOException {
    List<Digest> below = List.of();
    for (int i = 0; i < diffIds.size(); i++) {
      List<Digest> next = diffIds.subList(0, i + 1);
      boolean last = i == diffIds.size() - 1;
      if (last || !layers.has(next)) {
        layers.restack(below, diffIds.get(i), last ? keeping : _ -> {});
      }
      below = List.copyOf(next);
    }
  }

  private static List<BuildCacheRecord> read(String label) throws IOException {
    try (InputStream packed = new ByteArrayInputStream(Base64.getDecoder().decode(label));
        InputStream json = Compression.inflate(packed, LIMITS)) {
      return Json.lean().readList(BuildCacheRecord.class, json.readAllBytes());
    } catch (IllegalArgumentException e) {
      throw new Fault.Invalid("its label " + Caching.LABEL + " is damaged", e);
    }
  }

  private String write(List<BuildCacheRecord> records) throws IOException {
    int first = 0;
    while (true) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out = Compression.gzip(packed)) {
        out.write(Json.lean().write(records.subList(first, records.size())));
      }
      String text = Base64.getEncoder().encodeToString(packed.toByteArray());
      if (text.length() <= MOST_TEXT) {
        return text;
      }
      // What was done last is worth most: it stands on what was done first.
      first += Math.max(1, (records.size() - first) / 4);
    }
  }

  /// What was used in this build, without what differs from run to run.
  private List<BuildCacheRecord> used() {
    return cache.records().stream()
        .map(
            record ->
                new BuildCacheRecord(
                    "",
                    record.keys(),
                    record.diffIds(),
                    record.trail(),
                    record.created(),
                    "",
                    0,
                    record.size(),
                    record.description(),
                    ""))
        .toList();
  }

  /// The same image, that also tells of its own layers.
  public ImageConfig inline(ImageConfig image) throws IOException {
    List<Digest> own = image.rootfs().diffIds();
    List<BuildCacheRecord> records =
        used().stream()
            .filter(
                record ->
                    record.diffIds().size() <= own.size()
                        && record.diffIds().equals(own.subList(0, record.diffIds().size())))
            .toList();
    return labelled(image, image.rootfs(), image.history(), Caching.LABEL, write(records));
  }

  /// An image of all layers that the build used, whatever they stood on.
  ///
  /// @param like what it is for
  /// @param keeping holds its stack until somebody has made it an image
  public ImageConfig image(ImageConfig like, LayerStore.Keeping keeping) throws IOException {
    List<BuildCacheRecord> records = used();
    Set<Digest> all = new LinkedHashSet<>(like.rootfs().diffIds());
    records.forEach(record -> all.addAll(record.diffIds()));
    List<Digest> diffIds = List.copyOf(all);
    if (layers.has(diffIds)) {
      keeping.keep(diffIds);
    } else {
      stack(diffIds, keeping);
    }
    List<History> history = new ArrayList<>();
    for (Digest _ : diffIds) {
      history.add(new History(like.created(), null, "djong build cache", null, false));
    }
    return labelled(like, new RootFs("layers", diffIds), history, Caching.LABEL, write(records));
  }

  /// The same image of these layers, with one label more.
  static ImageConfig labelled(
      ImageConfig image, RootFs rootfs, List<History> history, String label, String value) {
    RunConfig run = image.config() == null ? RunConfig.EMPTY : image.config();
    Map<String, String> labels = new TreeMap<>(run.labels());
    labels.put(label, value);
    return new ImageConfig(
        image.created(),
        image.author(),
        image.architecture(),
        image.variant(),
        image.os(),
        image.osVersion(),
        run.withLabels(labels),
        rootfs,
        history);
  }
}
