package io.djong.layers.overlay;

import io.djong.layers.ChainId;
import io.djong.layers.Snapshot;
import io.djong.layers.Snapshotter;
import io.djong.layers.overlay.Shelf.About;
import io.djong.linux.FileInput;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings layers onto the shelf: takes tars in, has layers made of them, puts them in their places.
/// Safe for use by several threads.
final class LayerIntake {
  private static final int BUFFER = 1 << 17;

  private final Shelf shelf;
  private final LayerForm form;
  private final KnownSnapshots known;

  LayerIntake(Shelf shelf, LayerForm form, KnownSnapshots known) {
    this.shelf = shelf;
    this.form = form;
    this.known = known;
  }

  static ChainId chain(@Nullable ChainId parent, Digest diffId) {
    return parent == null ? ChainId.of(List.of(diffId)) : parent.plus(diffId);
  }

  Snapshot.Committed add(@Nullable ChainId parent, InputStream layerTar, Digest diffId)
      throws IOException {
    ChainId chain = chain(parent, diffId);
    known.addLayer(
        chain,
        parent,
        () -> {
          if (form.keepsTars()) {
            try (StagedTar staged = stage(layerTar, diffId)) {
              return finish(chain, parent, staged);
            }
          }
          RawPath begun = shelf.begin();
          boolean kept = false;
          try {
            DigestInputStream hashed =
                new DigestInputStream(layerTar, Digest.newHash(diffId.algorithm()));
            About about = build(begun, parent, hashed, diffId, chain);
            drain(hashed);
            require(diffId, hashed.getMessageDigest());
            shelf.finish(begun, Shelf.layer(chain), about);
            kept = true;
            return about;
          } finally {
            if (!kept) {
              shelf.root().removeTree(begun);
            }
          }
        });
    return new Snapshot.Committed(chain, parent);
  }

  StagedTar stage(InputStream layerTar, @Nullable Digest diffId) throws IOException {
    RawPath folder = shelf.begin();
    boolean done = false;
    TarSpool spool = null;
    try {
      MessageDigest hash = Digest.newHash(diffId == null ? Digest.SHA256 : diffId.algorithm());
      long size = 0;
      spool = new TarSpool(shelf.root().create(folder.resolve(Shelf.TAR), 0600), form.keepsTars());
      while (true) {
        byte[] buffer = spool.take();
        int got = layerTar.readNBytes(buffer, 0, buffer.length);
        if (got == 0) {
          break;
        }
        hash.update(buffer, 0, got);
        spool.give(buffer, got);
        size += got;
      }
      if (diffId != null) {
        require(diffId, hash);
      }
      spool.end();
      Digest found = diffId == null ? Digest.ofHash(Digest.SHA256, hash.digest()) : diffId;
      done = true;
      return new StagedTar(folder, found, size, spool);
    } finally {
      if (!done) {
        if (spool != null) {
          spool.close();
        }
        shelf.root().removeTree(folder);
      }
    }
  }

  @Nullable StagedTar stageKnown(Digest diffId) throws IOException {
    ChainId chain = form.keepsTars() ? known.withOnTop(diffId) : null;
    return chain == null ? null : restage(chain, diffId);
  }

  /// Stages the tar of a layer that is there.
  StagedTar restage(ChainId chain, Digest diffId) throws IOException {
    RawPath tar = Shelf.layer(chain).resolve(Shelf.TAR);
    RawPath folder = shelf.begin();
    boolean done = false;
    try {
      shelf.root().link(tar, folder.resolve(Shelf.TAR));
      long size = shelf.root().lstat(folder.resolve(Shelf.TAR)).size();
      done = true;
      return new StagedTar(folder, diffId, size, null);
    } finally {
      if (!done) {
        shelf.root().removeTree(folder);
      }
    }
  }

  /// Makes a layer anew in the place of one that is there.
  void replace(ChainId chain, @Nullable ChainId parent, StagedTar staged) throws IOException {
    RawPath begun = shelf.begin();
    boolean kept = false;
    try {
      About about = build(begun, parent, staged, chain);
      staged.awaitDurable();
      form.release(Shelf.layer(chain).name().toString());
      shelf.replace(begun, Shelf.layer(chain), about);
      kept = true;
      known.replaceLayer(chain, about);
    } finally {
      if (!kept) {
        shelf.root().removeTree(begun);
      }
    }
  }

  private About finish(ChainId chain, @Nullable ChainId parent, StagedTar staged)
      throws IOException {
    RawPath begun = shelf.begin();
    boolean kept = false;
    try {
      About about = build(begun, parent, staged, chain);
      staged.awaitDurable();
      shelf.finish(begun, Shelf.layer(chain), about);
      kept = true;
      return about;
    } finally {
      if (!kept) {
        shelf.root().removeTree(begun);
      }
    }
  }

  private About build(RawPath begun, @Nullable ChainId parent, StagedTar staged, ChainId chain)
      throws IOException {
    RawPath tar = staged.folder.resolve(Shelf.TAR);
    staged.awaitWritten();
    if (form.keepsTars()) {
      shelf.root().link(tar, begun.resolve(Shelf.TAR));
    }
    try (FileInput content = shelf.root().read(tar)) {
      return build(begun, parent, content, staged.diffId(), chain);
    }
  }

  private About build(
      RawPath begun, @Nullable ChainId parent, InputStream tar, Digest diffId, ChainId chain)
      throws IOException {
    try (LayerStack below = below(parent)) {
      return About.layer(parent, diffId, form.build(shelf.root(), begun, tar, below, chain));
    }
  }

  LayerStack below(@Nullable ChainId parent) {
    return parent == null ? LayerStack.none() : LayerStack.of(() -> trees(parent));
  }

  /// The folders of a stack, from the top, for overlayfs to take.
  List<Path> trees(@Nullable ChainId top) throws IOException {
    List<Path> trees = new ArrayList<>();
    for (ChainId chain : known.stack(top)) {
      RawPath place = Shelf.layer(chain);
      String name = place.name().toString();
      trees.add(form.open(name, shelf.path(place), known.layer(chain).made()));
    }
    return trees;
  }

  /// The folders of a stack as [#trees] gives them, without making sure that they can be used; none
  /// if a layer is missing.
  List<Path> places(@Nullable ChainId top) {
    List<Path> places = new ArrayList<>();
    try {
      for (ChainId chain : known.stack(top)) {
        RawPath place = Shelf.layer(chain);
        places.add(form.place(place.name().toString(), shelf.path(place)));
      }
      return places;
    } catch (Fault.NotFound e) {
      return List.of();
    }
  }

  private static void require(Digest diffId, MessageDigest hash) {
    Digest actual = Digest.ofHash(diffId.algorithm(), hash.digest());
    if (!actual.equals(diffId)) {
      throw new Fault.Invalid(
          "layer " + diffId + " is damaged: its content has the digest " + actual);
    }
  }

  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (in.read(buffer, 0, buffer.length) >= 0) {
      // All of it belongs to the digest.
    }
  }

  /// A tar in a folder of its own.
  final class StagedTar implements Snapshotter.Staged {
    private final RawPath folder;
    private final Digest diffId;
    private final long size;
    private final @Nullable TarSpool spool;

    /// @param spool that may still write the tar; null if it is there
    private StagedTar(RawPath folder, Digest diffId, long size, @Nullable TarSpool spool) {
      this.folder = folder;
      this.diffId = diffId;
      this.size = size;
      this.spool = spool;
    }

    private void awaitWritten() throws IOException {
      if (spool != null) {
        spool.awaitWritten();
      }
    }

    private void awaitDurable() throws IOException {
      if (spool != null) {
        spool.awaitDurable();
      }
    }

    @Override
    public Digest diffId() {
      return diffId;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Snapshot.Committed add(@Nullable ChainId parent) throws IOException {
      ChainId chain = chain(parent, diffId);
      known.addLayer(chain, parent, () -> finish(chain, parent, this));
      return new Snapshot.Committed(chain, parent);
    }

    @Override
    public void close() throws IOException {
      if (spool != null) {
        spool.close();
      }
      shelf.root().removeTree(folder);
    }
  }
}
