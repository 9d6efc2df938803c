package io.djong.engine.image;

import io.djong.content.ImageNames;
import io.djong.content.LocalImages;
import io.djong.engine.Filters;
import io.djong.engine.Images.Pruned;
import io.djong.engine.Images.Removal;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.RunConfig;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes names off images and images off the machine, by Docker's rules. Nothing else changes
/// images meanwhile.
final class ImageRemoval {
  private final ImageIndex index;
  private final ImageNames names;
  private final ImageLayers layers;
  private final LocalImages local;
  private final ImageUsers users;
  private final Listener listener;

  /// Hears what happens to images.
  @FunctionalInterface
  interface Listener {
    void tell(String action, Digest id, String name, @Nullable StoredImage image);
  }

  ImageRemoval(
      ImageIndex index,
      ImageNames names,
      ImageLayers layers,
      LocalImages local,
      ImageUsers users,
      Listener listener) {
    this.index = index;
    this.names = names;
    this.layers = layers;
    this.local = local;
    this.users = users;
    this.listener = listener;
  }

  List<Removal> remove(String ref, boolean force, boolean prune) throws IOException {
    List<Removal> done = new ArrayList<>();
    StoredImage named = index.byName(ref);
    StoredImage image = named == null ? index.find(ref) : named;
    List<Reference> own = index.names(image.id());
    boolean byName = named != null && !own.isEmpty();
    if (byName) {
      untagOne(ref, image, own, force, done);
      if (!index.names(image.id()).isEmpty()) {
        return List.copyOf(done);
      }
    } else if (areOne(own)) {
      check(image, force, true);
      for (Reference name : own) {
        untag(name, image, done);
      }
    }
    delete(image, force, prune, byName, done);
    sweepBlobs();
    return List.copyOf(done);
  }

  private void untagOne(
      String ref, StoredImage image, List<Reference> own, boolean force, List<Removal> done)
      throws IOException {
    if (!force && areOne(own)) {
      for (ImageUsers.User user : users.of(image.id())) {
        throw new Fault.Conflict(
            "conflict: unable to remove repository reference \""
                + ref
                + "\" (must force) - container "
                + user.id().substring(0, 12)
                + " is using its referenced image "
                + image.id().abbreviated());
      }
    }
    Reference name = Reference.parse(ref);
    untag(name, image, done);
    List<Reference> left = index.names(image.id());
    List<Reference> same =
        left.stream().filter(other -> other.repository().equals(name.repository())).toList();
    // Without a tag in its repository, a digest there is a name that nobody gave.
    if (same.stream().allMatch(Reference.Pin.class::isInstance)) {
      for (Reference pin : same) {
        untag(pin, image, done);
      }
    }
  }

  /// At most one tag, and all names in one repository.
  private static boolean areOne(List<Reference> own) {
    Set<Repository> repositories = new HashSet<>();
    int tags = 0;
    for (Reference name : own) {
      repositories.add(name.repository());
      tags += name instanceof Reference.Tag ? 1 : 0;
    }
    return tags <= 1 && repositories.size() <= 1;
  }

  private void untag(Reference name, StoredImage image, List<Removal> done) throws IOException {
    if (names.delete(name)) {
      done.add(new Removal(name.familiar(), null));
      listener.tell("untag", image.id(), image.id().toString(), image);
    }
  }

  /// @param namesGo whether its names go with it, so that having several is no conflict
  private void check(StoredImage image, boolean force, boolean namesGo) throws IOException {
    List<ImageUsers.User> using = users.of(image.id());
    for (ImageUsers.User user : using) {
      if (user.running()) {
        throw conflict(
            image, "cannot be forced", "image is being used by running container " + cut(user));
      }
    }
    if (force) {
      return;
    }
    if (!namesGo && !index.names(image.id()).isEmpty()) {
      throw conflict(image, "must be forced", "image is referenced in multiple repositories");
    }
    for (ImageUsers.User user : using) {
      throw conflict(
          image, "must be forced", "image is being used by stopped container " + cut(user));
    }
  }

  private static String cut(ImageUsers.User user) {
    return user.id().substring(0, 12);
  }

  private static Fault conflict(StoredImage image, String how, String why) {
    return new Fault.Conflict(
        "conflict: unable to delete " + image.id().abbreviated() + " (" + how + ") - " + why);
  }

  /// @param quiet whether a conflict only means that the image stays
  private void delete(
      StoredImage image, boolean force, boolean prune, boolean quiet, List<Removal> done)
      throws IOException {
    if (hasChildren(image.id())) {
      if (quiet) {
        return;
      }
      throw conflict(image, "cannot be forced", "image has dependent child images");
    }
    try {
      check(image, force, false);
    } catch (Fault.Conflict e) {
      if (quiet) {
        return;
      }
      throw e;
    }
    for (Reference name : index.names(image.id())) {
      untag(name, image, done);
    }
    index.remove(image.id());
    layers.free(image.top(), index.all());
    done.add(new Removal(null, image.id().toString()));
    listener.tell("delete", image.id(), image.id().toString(), image);
    Digest parent = image.record().parent();
    StoredImage above = parent == null ? null : index.byId(parent);
    if (prune && above != null && index.names(above.id()).isEmpty()) {
      delete(above, false, true, true, done);
    }
  }

  private boolean hasChildren(Digest id) {
    return index.all().stream().anyMatch(image -> id.equals(image.record().parent()));
  }

  Pruned prune(Filters filters, Instant now) throws IOException {
    filters.allowOnly(Set.of("dangling", "label", "label!", "until"));
    boolean all = filters.has("dangling") && !ImageFilter.truth(filters.of("dangling"));
    Instant until =
        filters.has("until") ? Moments.parse(filters.of("until").getFirst(), now) : Instant.MAX;
    List<Removal> done = new ArrayList<>();
    long before = layers.total();
    for (StoredImage image : List.copyOf(index.all())) {
      RunConfig run = image.config().config();
      boolean unwanted =
          index.byId(image.id()) != null
              && (all || index.names(image.id()).isEmpty())
              && image.created().isBefore(until)
              && filters.fitLabels(run == null ? Map.of() : run.labels())
              && users.of(image.id()).isEmpty();
      if (unwanted && !hasChildren(image.id())) {
        for (Reference name : index.names(image.id())) {
          untag(name, image, done);
        }
        delete(image, false, true, true, done);
      }
    }
    sweepBlobs();
    return new Pruned(List.copyOf(done), Math.max(0, before - layers.total()));
  }

  /// Frees the blobs that no image and no lease needs.
  void sweepBlobs() throws IOException {
    List<Digest> roots = new ArrayList<>();
    index.all().forEach(image -> roots.add(image.record().manifest()));
    roots.addAll(layers.keptBlobs());
    local.sweep(roots);
  }
}
