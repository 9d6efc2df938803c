package io.djong.layers.overlay;

import io.djong.layers.ChainId;
import io.djong.linux.FileOutput;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where layers and trees lie on the disk:
/// - `layers/ALGORITHM-HEX`: a finished layer as its [LayerForm] made it: its folder `tree`, or its
///   `tar` and an index of it; beside it `about`, its parent and size;
/// - `active/KEY/upper`, `work`: a tree that is written; `views/KEY`: one that is looked at; with
///   `about`;
/// - `new/`: what is being made or removed; whatever a crash leaves there goes at the next start.
///
/// A folder comes into the first three by a rename, after all in it is on the disk; it leaves by a
/// rename. So `about` is always there and whole.
public final class Shelf implements AutoCloseable {
  static final RawPath LAYERS = RawPath.of("layers");
  static final RawPath ACTIVE = RawPath.of("active");
  static final RawPath VIEWS = RawPath.of("views");
  static final String TREE = "tree";

  /// A layer's own bytes.
  public static final String TAR = "tar";

  static final String UPPER = "upper";
  static final String WORK = "work";
  private static final RawPath NEW = RawPath.of("new");
  private static final String ABOUT = "about";
  private static final int PRIVATE = 0700;

  private final Path folder;
  private final Root root;

  /// What was found without a record when this was opened.
  private final List<RawPath> damaged = new ArrayList<>();

  /// Where that lies which was taken away and could not be removed yet, by its place.
  private final Map<RawPath, RawPath> left = new ConcurrentHashMap<>();

  /// What is known of a layer or tree beside its files.
  ///
  /// @param diffId null of a tree, and of layers that were made before it was noted
  /// @param made of a layer
  /// @param boot of a tree that does not outlive the machine's running: when it runs
  record About(
      @Nullable ChainId parent, @Nullable Digest diffId, LayerForm.Made made, String boot) {
    private static final LayerForm.Made NOTHING = new LayerForm.Made(0, 0, "");

    static About layer(@Nullable ChainId parent, Digest diffId, LayerForm.Made made) {
      return new About(parent, diffId, made, "");
    }

    static About tree(@Nullable ChainId parent, String boot) {
      return new About(parent, null, NOTHING, boot);
    }

    String text() {
      return "parent=%s\nsize=%d\ndisk=%d\ndiffid=%s\nproof=%s\nboot=%s\n"
          .formatted(
              parent == null ? "" : parent.toString(),
              made.size(),
              made.disk(),
              diffId == null ? "" : diffId.toString(),
              made.proof(),
              boot);
    }

    /// @throws Fault.Invalid if it is not what [#text] writes
    static About parse(String text) {
      Map<String, String> words = new HashMap<>();
      for (String line : text.lines().toList()) {
        int equals = line.indexOf('=');
        if (equals > 0 && equals + 1 < line.length()) {
          words.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      String parent = words.get("parent");
      String diffId = words.get("diffid");
      try {
        return new About(
            parent == null ? null : new ChainId(Digest.parse(parent)),
            diffId == null ? null : Digest.parse(diffId),
            new LayerForm.Made(
                Long.parseLong(words.getOrDefault("size", "")),
                Long.parseLong(words.getOrDefault("disk", "0")),
                words.getOrDefault("proof", "")),
            words.getOrDefault("boot", ""));
      } catch (NumberFormatException e) {
        throw new Fault.Invalid("a record without a size", e);
      }
    }
  }

  Shelf(Path folder) throws IOException {
    this.folder = folder.toAbsolutePath();
    Files.createDirectories(folder);
    this.root = Root.open(folder);
    for (RawPath place : new RawPath[] {NEW, LAYERS, ACTIVE, VIEWS}) {
      root.mkdirs(place, PRIVATE);
    }
    root.removeTree(NEW);
    root.mkdir(NEW, PRIVATE);
    root.sync(RawPath.ROOT);
  }

  Root root() {
    return root;
  }

  Path path(RawPath below) {
    return folder.resolve(below.toString());
  }

  static RawPath layer(ChainId chain) {
    return LAYERS.resolve(chain.digest().algorithm() + "-" + chain.digest().hex());
  }

  /// @throws Fault.Invalid if the key is no file name
  static RawPath place(RawPath kind, String key) {
    RawPath name = RawPath.of(key);
    if (name.depth() != 1 || name.climbs() || !name.toString().equals(key) || name.length() > 255) {
      throw new Fault.Invalid("invalid snapshot key \"" + key + "\": it must be a file name");
    }
    return kind.resolve(name);
  }

  /// All there are in a place, by their folder's name. What has no record that can be read is left
  /// out, and left where it is.
  Map<String, About> list(RawPath place) throws IOException {
    Map<String, About> found = new LinkedHashMap<>();
    for (RawPath name : root.list(place).stream().sorted().toList()) {
      try {
        found.put(name.toString(), readAbout(place.resolve(name)));
      } catch (Fault.Invalid e) {
        damaged.add(place.resolve(name));
      }
    }
    return found;
  }

  /// What belongs to nothing that is known.
  List<RawPath> strays() throws IOException {
    List<RawPath> strays = new ArrayList<>(damaged);
    root.list(NEW).forEach(name -> strays.add(NEW.resolve(name)));
    return strays;
  }

  static ChainId chain(String folderName) {
    int dash = folderName.indexOf('-');
    return new ChainId(new Digest(folderName.substring(0, dash), folderName.substring(dash + 1)));
  }

  /// An empty folder for something that is being made.
  RawPath begin() throws IOException {
    RawPath place = NEW.resolve(UUID.randomUUID().toString());
    root.mkdir(place, PRIVATE);
    return place;
  }

  /// Makes what was begun durable and visible under its name, at once. All below must be durable.
  void finish(RawPath begun, RawPath place, About about) throws IOException {
    note(begun, about);
    root.renameNew(begun, place);
    root.sync(place.parent());
  }

  /// Puts what was begun in the place of what is there, at once and durably; what was there is
  /// removed.
  void replace(RawPath begun, RawPath place, About about) throws IOException {
    note(begun, about);
    root.exchange(begun, place);
    root.sync(place.parent());
    root.removeTree(begun);
  }

  private void note(RawPath begun, About about) throws IOException {
    try (FileOutput file = root.create(begun.resolve(ABOUT), 0600)) {
      file.write(about.text().getBytes(StandardCharsets.US_ASCII));
      file.sync();
    }
    root.sync(begun);
  }

  /// Takes something out of its place, durably.
  ///
  /// @return where it is now, to be removed by [#clear]; null if it was not there
  @Nullable RawPath takeAway(RawPath place) throws IOException {
    RawPath leaving = moveAway(place);
    if (leaving != null) {
      root.sync(place.parent());
    }
    return leaving;
  }

  /// The same, durable only after [#sync] of the place's kind. What is taken away must stay whole
  /// until then, since it may be back after a crash.
  @Nullable RawPath moveAway(RawPath place) throws IOException {
    if (root.find(place) == null) {
      return left.get(place);
    }
    RawPath leaving = NEW.resolve(UUID.randomUUID().toString());
    root.rename(place, leaving);
    return leaving;
  }

  /// Removes what was taken away from a place. What cannot be removed is found again when the place
  /// is asked for it once more.
  void clear(RawPath place, RawPath taken) throws IOException {
    left.put(place, taken);
    root.removeTree(taken);
    left.remove(place, taken);
  }

  /// Makes durable what came and left.
  void sync(RawPath kind) throws IOException {
    root.sync(kind);
  }

  /// @throws Fault.Invalid if the record is damaged
  About readAbout(RawPath place) throws IOException {
    try (var in = root.read(place.resolve(ABOUT))) {
      return About.parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (KernelException e) {
      throw new Fault.Invalid("the record of " + place + " cannot be read", e);
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
