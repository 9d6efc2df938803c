package io.djong.layers.erofs;

import io.djong.content.tar.TarReader;
import io.djong.layers.ChainId;
import io.djong.layers.Damage;
import io.djong.layers.overlay.LayerApplier;
import io.djong.layers.overlay.LayerForm;
import io.djong.layers.overlay.LayerStack;
import io.djong.layers.overlay.Shelf;
import io.djong.linux.FileOutput;
import io.djong.linux.Mount;
import io.djong.linux.MountPoint;
import io.djong.linux.Mounts;
import io.djong.linux.Root;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Layers as their own tars: beside each lies an EROFS index that points into it, and the kernel
/// mounts the two together (`EROFS_FS_BACKED_BY_FILE`, Linux 6.12). Nothing is unpacked.
///
/// A layer is mounted when first asked for, once, and all that stand on it share the mount. Mounts
/// outlive this object; the next one takes them over.
public final class ErofsLayers implements LayerForm {
  private static final String INDEX = "index";

  private final Path mountPoints;
  private final Mounts mounts;
  private final String reason;

  /// Guards the set, and whoever mounts or unmounts.
  private final Object lock = new Object();

  private final Set<String> mounted = new HashSet<>();

  /// One index at a time is made: each may take much of the memory.
  private final ReentrantLock indexing = new ReentrantLock();

  /// @param mountPoints a folder of this object's own, which a restart of the machine may empty
  /// @param reason why layers are kept so, for people
  public ErofsLayers(Path mountPoints, Mounts mounts, String reason) throws IOException {
    this.reason = reason;
    this.mountPoints = mountPoints.toAbsolutePath();
    this.mounts = mounts;
    Files.createDirectories(
        mountPoints,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @Override
  public String name() {
    return "erofs";
  }

  @Override
  public SequencedMap<String, String> status() {
    SequencedMap<String, String> status = new LinkedHashMap<>();
    status.put("Layers", "tars, mounted by an EROFS index");
    status.put("Reason", reason);
    return status;
  }

  /// Each layer is a file system of its own. Without this, each file would show its layer's number,
  /// and programs that stay on one file system (`tar --one-file-system`) would leave out all files.
  @Override
  public List<String> overlayOptions() {
    return List.of("xino=on");
  }

  @Override
  public boolean keepsTars() {
    return true;
  }

  @Override
  public void retain(Set<String> names) throws IOException {
    if (!Files.exists(mountPoints)) {
      return;
    }
    Path real = mountPoints.toRealPath();
    synchronized (lock) {
      mounted.clear();
      for (MountPoint point : mounts.below(real)) {
        Path path = Path.of("/" + point.path());
        boolean known = real.equals(path.getParent()) && names.contains(name(path));
        if (!known || !mounted.add(name(path))) {
          mounts.unmount(path, true);
        }
      }
      try (var all = Files.list(real)) {
        for (Path stray : all.filter(path -> !mounted.contains(name(path))).toList()) {
          Files.delete(stray);
        }
      }
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  @Override
  public Made build(Root root, RawPath folder, InputStream tar, LayerStack below, ChainId chain)
      throws IOException {
    RawPath index = folder.resolve(INDEX);
    RawPath tarPath = folder.resolve(Shelf.TAR);
    indexing.lock();
    try (FileOutput file = root.create(index, 0600);
        FileChannel bytes = FileChannel.open(root.path().resolve(tarPath.toString()))) {
      TarReader archive = TarReader.passingOver(tar);
      IndexedTree tree = new IndexedTree(below::folderEntry, new IndexLimits());
      new LayerApplier(tree, below).apply(archive);
      IndexLayout layout = IndexLayout.of(tree.root());
      IndexOutput out = new IndexOutput(file);
      new IndexWriter(layout, bytes::read, bytes.size(), out).write(chain.digest());
      out.flush();
      file.sync();
      IndexProof proof = new IndexProof(bytes.size(), out.position(), out.checksum());
      long blocks = root.lstat(index).blocks() + root.lstat(tarPath).blocks();
      return new Made(layout.content, blocks * 512, proof.word());
    } finally {
      indexing.unlock();
    }
  }

  @Override
  public Path open(String name, Path folder, Made made) throws IOException {
    Path target = place(name, folder);
    synchronized (lock) {
      if (mounted.contains(name)) {
        return target;
      }
      try (Root root = Root.open(folder)) {
        List<Damage> damages = new ArrayList<>();
        look(root, RawPath.ROOT, made, damages);
        if (!damages.isEmpty()) {
          throw new IOException(
              "layer %s is damaged: %s; djong system fsck --repair mends it"
                  .formatted(name, damages.getFirst().text()));
        }
      }
      Files.createDirectories(target);
      mounts.mount(
          new Mount(
              "erofs",
              folder.resolve(INDEX).toString(),
              target,
              List.of("ro", "device=" + folder.resolve(Shelf.TAR))));
      mounted.add(name);
      return target;
    }
  }

  @Override
  public Path place(String name, Path folder) {
    return mountPoints.resolve(name);
  }

  @Override
  public void release(String name) throws IOException {
    Path target = mountPoints.resolve(name);
    synchronized (lock) {
      if (mounted.remove(name)) {
        mounts.unmount(target, true);
      }
      try {
        Files.deleteIfExists(target);
      } catch (NoSuchFileException e) {
        // The machine was restarted, or somebody tidied up.
      }
    }
  }

  @Override
  public List<Damage> check(Root root, RawPath folder, Made made) throws IOException {
    List<Damage> damages = new ArrayList<>();
    look(root, folder, made, damages);
    return damages;
  }

  /// Looks at what is cheap to see.
  private static void look(Root root, RawPath folder, Made made, List<Damage> damages)
      throws IOException {
    IndexProof proof = IndexProof.parse(made.proof());
    if (proof == null) {
      damages.add(new Damage(Damage.Kind.RECORD, null, "its record tells nothing of an index"));
      return;
    }
    String tar = proof.checkTarSize(root, folder.resolve(Shelf.TAR));
    if (tar != null) {
      damages.add(new Damage(Damage.Kind.CONTENT, null, tar));
    }
    String index = proof.checkIndex(root, folder.resolve(INDEX));
    if (index != null) {
      damages.add(new Damage(Damage.Kind.INDEX, null, index));
    }
  }
}
