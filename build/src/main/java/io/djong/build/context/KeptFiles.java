package io.djong.build.context;

import io.djong.build.Builder.CacheEntry;
import io.djong.build.Builder.ContextOffer;
import io.djong.build.Builder.PruneWish;
import io.djong.build.Builder.Pruned;
import io.djong.build.context.PackedTree.Content;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Files that contexts brought, by the digests of their bytes, for the next ones: who builds again
/// asks which are here and sends the rest. Bounded: what was used last longest ago goes first, but
/// nothing that a client was told of lately, and nothing that a build reads. A restart keeps what
/// had reached the disk. Safe for use by several threads.
public final class KeptFiles implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KeptFiles.class.getName());
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String TYPE = "source.local";
  private static final String DESCRIPTION = "files of build contexts";

  private final Path folder;
  private final Limits limits;
  private final InstantSource clock;
  private final ExecutorService syncing = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by the lock, like all below.
  private final Map<Digest, Content> contents = new HashMap<>();

  private final List<KeptPack> packs = new ArrayList<>();
  private final Map<String, Lease> offered = new HashMap<>();

  /// Packs of an earlier daemon, which are looked into when somebody asks for files.
  private final List<KeptPack> unread = new ArrayList<>();

  /// @param bytes the most that is kept while nobody uses it
  /// @param files the most digests that are known
  /// @param packs the most files on the disk
  public record Limits(long bytes, int files, int packs) {
    public static final Limits USUAL = new Limits(1L << 30, 200_000, 64);
  }

  /// @param folder is made; nobody else writes in it, and what is unfinished in it is removed
  public KeptFiles(Path folder, Limits limits, InstantSource clock) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.limits = limits;
    this.clock = clock;
    for (Path path : KeptIndex.packs(folder)) {
      try {
        packs.add(KeptPack.open(path, KeptIndex.lastUsed(path)));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "files of earlier build contexts are not used", e);
      }
    }
    unread.addAll(packs);
  }

  /// Which of these files must be sent. What is here stays until a build that names the lease is
  /// over.
  public ContextOffer offer(Collection<Digest> wanted) throws IOException {
    lock.lock();
    try {
      load();
      forgetLeases();
      Lease lease = new Lease(clock.instant().plus(PATIENCE));
      List<Digest> missing = new ArrayList<>();
      for (Digest digest : wanted) {
        Content content = contents.get(digest);
        if (content == null || pack(content).isDamaged()) {
          missing.add(digest);
        } else {
          lease.add(pack(content));
        }
      }
      String id = UUID.randomUUID().toString();
      offered.put(id, lease);
      return new ContextOffer(id, missing);
    } finally {
      lock.unlock();
    }
  }

  /// Reads a context that begins with a [ContextManifest] of what is here; keeps what it brings.
  ///
  /// @param tar plain
  /// @param lease of an [ContextOffer]; good for one context
  /// @throws Fault.NotFound if it is over
  /// @throws Fault.Invalid if the archive is damaged or names what was not offered
  public PackedTree receive(InputStream tar, String lease) throws IOException {
    Lease held = take(lease);
    boolean done = false;
    try {
      PackedTree tree = receive(tar, held);
      done = true;
      return tree;
    } finally {
      if (!done) {
        held.close();
      }
    }
  }

  private PackedTree receive(InputStream tar, Lease held) throws IOException {
    Path path = folder.resolve(UUID.randomUUID() + KeptIndex.PACK);
    boolean kept = false;
    try (TreePacker packer =
        new TreePacker(
            FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE))) {
      packer.addRest(tar, held::content);
      List<Content> brought = packer.packed();
      PackedTree tree = packer.finish(held);
      kept = !brought.isEmpty() && keep(path, brought, held);
      return tree;
    } finally {
      if (!kept) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// @return false if it cannot be kept, which is no reason not to build
  private boolean keep(Path path, List<Content> brought, Lease held) {
    KeptPack pack;
    try {
      pack = KeptPack.open(path, clock.instant());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the files of a build context are not kept", e);
      return false;
    }
    lock.lock();
    try {
      packs.add(pack);
      held.add(pack);
      brought.forEach(content -> know(content.movedTo(pack)));
      trim();
    } finally {
      lock.unlock();
    }
    syncing.execute(() -> settle(pack, brought));
    return true;
  }

  /// What was known stays: builds were told of it.
  private void know(Content content) {
    Content before = contents.get(content.digest());
    if (before == null || pack(before).isDamaged()) {
      contents.put(content.digest(), content);
    }
  }

  private static KeptPack pack(Content content) {
    return (KeptPack) content.in();
  }

  /// Has the next daemon find a pack: only once all of it is on the disk.
  private void settle(KeptPack pack, List<Content> contained) {
    try {
      pack.sync();
      KeptIndex.write(pack.path(), contained);
    } catch (IOException e) {
      // It was freed, or it will not be found again.
      LOG.log(System.Logger.Level.DEBUG, "no index of a build context", e);
    }
    lock.lock();
    try {
      if (!packs.contains(pack)) {
        KeptIndex.delete(pack.path());
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "removing what a build context left", e);
    } finally {
      lock.unlock();
    }
  }

  private void load() throws IOException {
    if (unread.isEmpty()) {
      return;
    }
    for (KeptPack pack : List.copyOf(unread)) {
      List<Content> found = KeptIndex.read(pack);
      found.forEach(this::know);
      if (found.isEmpty()) {
        remove(pack);
      }
    }
    unread.clear();
    trim();
  }

  private Lease take(String id) {
    lock.lock();
    try {
      forgetLeases();
      Lease lease = offered.remove(id);
      if (lease == null) {
        throw new Fault.NotFound(
            "what this build left out of its context is not held for it any more: build again");
      }
      return lease;
    } finally {
      lock.unlock();
    }
  }

  private void forgetLeases() {
    Instant now = clock.instant();
    Iterator<Lease> all = offered.values().iterator();
    while (all.hasNext()) {
      Lease lease = all.next();
      if (lease.until.isBefore(now)) {
        lease.release();
        all.remove();
      }
    }
  }

  /// Keeps the limits, as far as nobody holds what goes beyond.
  private void trim() {
    long bytes = packs.stream().mapToLong(KeptPack::size).sum();
    for (KeptPack pack : inOrder()) {
      boolean tooMuch =
          bytes > limits.bytes()
              || contents.size() > limits.files()
              || packs.size() > limits.packs();
      if (!pack.isHeld() && (tooMuch || pack.isDamaged())) {
        bytes -= pack.size();
        remove(pack);
      }
    }
  }

  private List<KeptPack> inOrder() {
    return packs.stream().sorted(Comparator.comparing(KeptPack::lastUsed)).toList();
  }

  private void remove(KeptPack pack) {
    packs.remove(pack);
    unread.remove(pack);
    contents.values().removeIf(content -> content.in().equals(pack));
    try {
      pack.close();
      KeptIndex.delete(pack.path());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "removing what a build context left", e);
    }
  }

  /// What is kept, the least recently used first.
  public List<CacheEntry> entries() {
    lock.lock();
    try {
      return inOrder().stream().map(KeptFiles::entry).toList();
    } finally {
      lock.unlock();
    }
  }

  private static CacheEntry entry(KeptPack pack) {
    return new CacheEntry(
        KeptIndex.id(pack.path()),
        TYPE,
        DESCRIPTION,
        pack.isHeld(),
        false,
        pack.size(),
        pack.created(),
        pack.lastUsed(),
        pack.uses());
  }

  /// Frees what is wished for and nobody holds; a wish to keep some bytes is none to this, which
  /// has limits of its own.
  public Pruned prune(PruneWish wish) {
    List<String> removed = new ArrayList<>();
    long bytes = 0;
    lock.lock();
    try {
      for (KeptPack pack : wish.keepBytes() > 0 ? List.<KeptPack>of() : inOrder()) {
        CacheEntry entry = entry(pack);
        if (!entry.inUse() && wish.covers(entry)) {
          remove(pack);
          removed.add(entry.id());
          bytes += entry.size();
        }
      }
    } finally {
      lock.unlock();
    }
    return new Pruned(removed, bytes);
  }

  /// Waits until what came is on the disk. No build runs any more.
  @Override
  public void close() throws IOException {
    syncing.close();
    lock.lock();
    try {
      for (KeptPack pack : packs) {
        pack.close();
      }
      packs.clear();
      contents.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Packs that must not go. Guarded by the lock.
  private final class Lease implements Closeable {
    private final Instant until;
    private final Set<KeptPack> held = new HashSet<>();

    Lease(Instant until) {
      this.until = until;
    }

    void add(KeptPack pack) {
      if (held.add(pack)) {
        pack.hold(clock.instant());
      }
    }

    void release() {
      held.forEach(KeptPack::release);
      held.clear();
    }

    /// Where the bytes of a file are that was offered.
    @Nullable Content content(Digest digest) {
      lock.lock();
      try {
        Content content = contents.get(digest);
        return content != null && held.contains(pack(content)) ? content : null;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        held.forEach(pack -> KeptIndex.touch(pack.path(), clock.instant()));
        release();
        trim();
      } finally {
        lock.unlock();
      }
    }
  }
}
