package io.djong.layers.overlay;

import io.djong.layers.ChainId;
import io.djong.linux.FileOutput;
import io.djong.linux.Root;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where layers and trees lie on the disk:
/// - `layers/ALGORITHM-HEX/tree`: a finished layer; beside it `about`, its parent and size;
/// - `active/KEY/upper`, `work`: a tree that is written; `views/KEY`: one that is looked at; with
///   `about`;
/// - `new/`: what is being made or removed; whatever a crash leaves there goes at the next start.
///
/// A folder comes into the first three by a rename, after all in it is on the disk; it leaves by a
/// rename. So `about` is always there and whole.
final class Shelf implements AutoCloseable {
  static final RawPath LAYERS = RawPath.of("layers");
  static final RawPath ACTIVE = RawPath.of("active");
  static final RawPath VIEWS = RawPath.of("views");
  static final String TREE = "tree";
  static final String UPPER = "upper";
  static final String WORK = "work";
  private static final RawPath NEW = RawPath.of("new");
  private static final String ABOUT = "about";
  private static final int PRIVATE = 0700;

  private final Path folder;
  private final Root root;

  /// What is known of a layer or tree beside its files.
  record About(@Nullable ChainId parent, long size) {}

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

  /// All there are in a place, by their folder's name.
  Map<String, About> list(RawPath place) throws IOException {
    Map<String, About> found = new LinkedHashMap<>();
    for (RawPath name : root.list(place).stream().sorted().toList()) {
      found.put(name.toString(), readAbout(place.resolve(name)));
    }
    return found;
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
    try (FileOutput file = root.create(begun.resolve(ABOUT), 0600)) {
      String parent = about.parent == null ? "" : about.parent.toString();
      String text = "parent=" + parent + "\nsize=" + about.size + "\n";
      file.write(text.getBytes(StandardCharsets.US_ASCII));
      file.sync();
    }
    root.sync(begun);
    root.renameNew(begun, place);
    root.sync(place.parent());
  }

  /// Takes something out of its place, durably.
  ///
  /// @return where it is now, to be removed; null if it was not there
  @Nullable RawPath takeAway(RawPath place) throws IOException {
    if (root.find(place) == null) {
      return null;
    }
    RawPath leaving = NEW.resolve(UUID.randomUUID().toString());
    root.rename(place, leaving);
    root.sync(place.parent());
    return leaving;
  }

  private About readAbout(RawPath place) throws IOException {
    String text;
    try (var in = root.read(place.resolve(ABOUT))) {
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    @Nullable ChainId parent = null;
    long size = -1;
    for (String line : text.lines().toList()) {
      if (line.startsWith("parent=") && line.length() > 7) {
        parent = new ChainId(Digest.parse(line.substring(7)));
      } else if (line.startsWith("size=")) {
        size = Long.parseLong(line.substring(5));
      }
    }
    return new About(parent, size);
  }

  @Override
  public void close() {
    root.close();
  }
}
