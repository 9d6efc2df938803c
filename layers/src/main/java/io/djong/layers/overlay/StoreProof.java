package io.djong.layers.overlay;

import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.layers.overlay.Shelf.About;
import io.djong.linux.FileInput;
import io.djong.linux.FileStatus;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out whether layers are what they were when they came, and mends them. Nobody else may
/// change the layer at hand meanwhile.
final class StoreProof {
  private final Shelf shelf;
  private final LayerForm form;
  private final KnownSnapshots known;
  private final LayerIntake intake;

  StoreProof(Shelf shelf, LayerForm form, KnownSnapshots known, LayerIntake intake) {
    this.shelf = shelf;
    this.form = form;
    this.known = known;
    this.intake = intake;
  }

  List<Damage> check(ChainId chain) throws IOException {
    About about = known.layer(chain);
    RawPath place = Shelf.layer(chain);
    List<Damage> damages = new ArrayList<>();
    try {
      if (!about.equals(shelf.readAbout(place))) {
        damages.add(record(chain, "its record has changed on the disk"));
      }
    } catch (Fault.Invalid e) {
      damages.add(record(chain, e.getMessage()));
    }
    ChainId parent = about.parent();
    if (parent != null && !known.hasLayer(parent)) {
      damages.add(record(chain, "the layer below it is missing: " + parent));
    }
    Digest diffId = about.diffId();
    if (diffId != null && !LayerIntake.chain(parent, diffId).equals(chain)) {
      damages.add(record(chain, "its record is of another layer: " + diffId + " on " + parent));
    }
    if (form.keepsTars()) {
      damages.addAll(checkTar(chain, about, place.resolve(Shelf.TAR)));
    }
    for (Damage damage : form.check(shelf.root(), place, about.made())) {
      damages.add(new Damage(damage.kind(), chain, damage.text()));
    }
    return List.copyOf(damages);
  }

  private static Damage record(ChainId chain, @Nullable String text) {
    return new Damage(Damage.Kind.RECORD, chain, String.valueOf(text));
  }

  private List<Damage> checkTar(ChainId chain, About about, RawPath tar) throws IOException {
    FileStatus status = shelf.root().find(tar);
    if (status == null || !status.isRegular()) {
      return List.of(new Damage(Damage.Kind.CONTENT, chain, "its tar is missing"));
    }
    Digest diffId = about.diffId();
    if (diffId == null) {
      return List.of(record(chain, "its record does not say which tar it has"));
    }
    MessageDigest hash = Digest.newHash(diffId.algorithm());
    try (FileInput in = shelf.root().read(tar)) {
      byte[] buffer = new byte[1 << 17];
      int got;
      while ((got = in.read(buffer, 0, buffer.length)) >= 0) {
        hash.update(buffer, 0, got);
      }
    } catch (IOException e) {
      return List.of(new Damage(Damage.Kind.CONTENT, chain, "its tar: " + e.getMessage()));
    }
    Digest found = Digest.ofHash(diffId.algorithm(), hash.digest());
    return found.equals(diffId)
        ? List.of()
        : List.of(
            new Damage(
                Damage.Kind.CONTENT,
                chain,
                "its tar has the digest " + found + ", where " + diffId + " was"));
  }

  List<Damage> checkAll() throws IOException {
    List<Damage> damages = new ArrayList<>();
    for (ChainId chain : known.layers().keySet()) {
      damages.addAll(check(chain));
    }
    checkTrees(known.actives(), Shelf.ACTIVE, damages);
    checkTrees(known.views(), Shelf.VIEWS, damages);
    for (RawPath stray : shelf.strays()) {
      damages.add(new Damage(Damage.Kind.LEFTOVER, null, shelf.path(stray).toString()));
    }
    return List.copyOf(damages);
  }

  private void checkTrees(Map<String, About> trees, RawPath kind, List<Damage> damages)
      throws IOException {
    for (Map.Entry<String, About> tree : trees.entrySet()) {
      String subject = "the tree " + kind + "/" + tree.getKey();
      ChainId parent = tree.getValue().parent();
      if (parent != null && !known.hasLayer(parent)) {
        damages.add(record(parent, subject + " stands on a layer that is missing"));
      }
      RawPath place = Shelf.place(kind, tree.getKey());
      try {
        if (!tree.getValue().equals(shelf.readAbout(place))) {
          damages.add(new Damage(Damage.Kind.RECORD, null, subject + ": its record has changed"));
        }
      } catch (Fault.Invalid e) {
        damages.add(new Damage(Damage.Kind.RECORD, null, subject + ": " + e.getMessage()));
      }
    }
  }

  boolean repair(ChainId chain) throws IOException {
    List<Damage> damages = check(chain);
    if (damages.isEmpty()) {
      return true;
    }
    About about = known.layer(chain);
    Digest diffId = about.diffId();
    boolean hasTar =
        form.keepsTars()
            && diffId != null
            && checkTar(chain, about, Shelf.layer(chain).resolve(Shelf.TAR)).isEmpty();
    if (!hasTar || diffId == null || !LayerIntake.chain(about.parent(), diffId).equals(chain)) {
      return false;
    }
    try (LayerIntake.StagedTar staged = intake.restage(chain, diffId)) {
      intake.replace(chain, about.parent(), staged);
    }
    return true;
  }

  void repair(ChainId chain, InputStream layerTar) throws IOException {
    About about = known.layer(chain);
    try (LayerIntake.StagedTar staged = intake.stage(layerTar, about.diffId())) {
      if (!LayerIntake.chain(about.parent(), staged.diffId()).equals(chain)) {
        throw new Fault.Invalid("layer " + chain + " is not made of the bytes " + staged.diffId());
      }
      intake.replace(chain, about.parent(), staged);
    }
  }
}
