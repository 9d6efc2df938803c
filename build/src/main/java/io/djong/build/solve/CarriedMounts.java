package io.djong.build.solve;

import io.djong.build.BuildListener;
import io.djong.build.BuildListener.Event;
import io.djong.build.BuildRequest.Caching;
import io.djong.build.dockerfile.MountSpec;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Step;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.ImageConfig.History;
import io.djong.model.ImageConfig.RootFs;
import io.djong.model.RunConfig;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The folders of `RUN --mount=type=cache` that travel: each one is a layer of an image, and a
/// label says which. What cannot travel is left out with a warning. For one build.
public final class CarriedMounts {
  private static final int MOST_LABEL = 250_000;

  private final Workshop shop;
  private final Set<String> ids;
  private final BuildListener listener;

  /// @param target what is built: no mounts but those of its steps travel
  public CarriedMounts(Workshop shop, Step target, BuildListener listener) {
    this.shop = shop;
    this.ids = ids(target);
    this.listener = listener;
  }

  private static SortedSet<String> ids(Step target) {
    SortedSet<String> all = new TreeSet<>();
    Set<Step> seen = new HashSet<>();
    List<Step> todo = new ArrayList<>(List.of(target));
    while (!todo.isEmpty()) {
      Step step = todo.removeLast();
      if (!seen.add(step)) {
        continue;
      }
      todo.addAll(step.inputs());
      if (step.operation() instanceof Operation.Run run) {
        run.mounts().stream()
            .map(Operation.RunMount::spec)
            .filter(spec -> spec.type() == MountSpec.Type.CACHE)
            .forEach(spec -> all.add(MountSources.cacheId(spec, run.workingDir())));
      }
    }
    return all;
  }

  /// Fills the mounts of this build that are not there, or empty, with what an image carries.
  public void take(ImageConfig image) throws IOException {
    RunConfig config = image.config();
    String label = config == null ? null : config.labels().get(Caching.MOUNTS_LABEL);
    if (label == null) {
      return;
    }
    CarriedFiles files = new CarriedFiles(CarriedFiles.Limits.USUAL);
    Set<Digest> here = new HashSet<>(image.rootfs().diffIds());
    for (Map.Entry<String, Digest> mount : read(label).entrySet()) {
      String id = mount.getKey();
      if (!ids.contains(id)) {
        continue;
      }
      try {
        if (!here.contains(mount.getValue())) {
          throw new Fault.Invalid("the image has no such layer");
        }
        fill(id, mount.getValue(), files);
      } catch (Fault e) {
        leftOut(id, e.getMessage());
      }
    }
  }

  private void fill(String id, Digest layer, CarriedFiles files) throws IOException {
    CacheMounts.Alone filled =
        shop.cacheMounts()
            .put(
                id,
                folder ->
                    // By itself: what other layers of the image say of it does not count.
                    shop.layers().restack(List.of(), layer, stack -> unpack(stack, folder, files)));
    if (filled == CacheMounts.Alone.BUSY) {
      leftOut(id, "another build uses it");
    }
  }

  private void unpack(List<Digest> stack, Path folder, CarriedFiles files) throws IOException {
    try (MountedTrees.Mounted mounted = shop.trees().mount(stack);
        Root from = Root.open(mounted.path());
        Root to = Root.open(folder)) {
      files.unpack(from, to);
    }
  }

  private static Map<String, Digest> read(String label) {
    if (!(Json.lean().readTree(label.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map)) {
      throw new Fault.Invalid("its label " + Caching.MOUNTS_LABEL + " is damaged");
    }
    Map<String, Digest> all = new LinkedHashMap<>();
    map.forEach((id, digest) -> all.put(String.valueOf(id), Digest.parse(String.valueOf(digest))));
    return all;
  }

  private void leftOut(String id, @Nullable String why) {
    listener.on(new Event.Warning("cache mount " + id + " does not travel: " + why));
  }

  /// The same image with a layer for each mount of this build that there is.
  ///
  /// @param keeping holds its stack until somebody has made it an image
  public ImageConfig with(ImageConfig image, LayerStore.Keeping keeping) throws IOException {
    CarriedFiles files = new CarriedFiles(CarriedFiles.Limits.USUAL);
    List<Digest> stack = image.rootfs().diffIds();
    SortedMap<String, String> carried = new TreeMap<>();
    int label = 0;
    for (String id : ids) {
      label += id.length() + 100;
      if (label > MOST_LABEL) {
        leftOut(id, "there are too many");
        continue;
      }
      List<Digest> longer = put(id, stack, files, keeping);
      if (longer != null) {
        stack = longer;
        carried.put(id, stack.getLast().toString());
      }
    }
    return labelled(image, stack, carried);
  }

  private @Nullable List<Digest> put(
      String id, List<Digest> below, CarriedFiles files, LayerStore.Keeping keeping)
      throws IOException {
    List<List<Digest>> made = new ArrayList<>();
    try {
      CacheMounts.Alone read =
          shop.cacheMounts()
              .read(
                  id,
                  folder -> {
                    try (Root root = Root.open(folder)) {
                      made.add(shop.layers().add(below, tar -> files.pack(root, tar), keeping));
                    }
                  });
      if (read == CacheMounts.Alone.BUSY) {
        leftOut(id, "another build uses it");
      }
    } catch (Fault.Invalid e) {
      leftOut(id, e.getMessage());
    }
    return made.isEmpty() ? null : made.getFirst();
  }

  private static ImageConfig labelled(
      ImageConfig image, List<Digest> stack, Map<String, String> carried) {
    if (carried.isEmpty()) {
      return image;
    }
    List<History> history = new ArrayList<>(image.history());
    for (String _ : carried.keySet()) {
      history.add(new History(image.created(), null, "djong build cache mount", null, false));
    }
    return CarriedCache.labelled(
        image,
        new RootFs("layers", stack),
        history,
        Caching.MOUNTS_LABEL,
        Json.lean().writeText(carried));
  }
}
