package io.djong.network.bridge;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Sysctl;
import io.djong.linux.UserNamespace;
import io.djong.network.Cidr;
import io.djong.network.Sandbox;
import io.djong.network.Sandboxes;
import io.djong.network.address.SandboxDevice;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Network namespaces bound to files of one folder, named by their keys. A few are made in advance,
/// since the kernel takes its time; until they are given away only this process holds them, so none
/// is left behind. Those that belong to a user namespace are made when they are asked for.
public final class NamespaceSandboxes implements Sandboxes, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NamespaceSandboxes.class.getName());
  private static final int SPARES = 2;

  private final BlockingDeque<NetworkNamespace> spares = new LinkedBlockingDeque<>(SPARES);
  private final AtomicBoolean filling = new AtomicBoolean();
  private final Path folder;
  private volatile boolean closed;

  /// @param folder is made if missing; on a file system that a reboot empties
  public NamespaceSandboxes(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  @Override
  public Sandbox open(String key) throws IOException {
    Sandbox sandbox = sandbox(key);
    // A leftover: whoever has a container for this key would have found it.
    remove(sandbox);
    NetworkNamespace spare = spares.poll();
    try (NetworkNamespace namespace = spare != null ? spare : make()) {
      namespace.bind(sandbox.path());
    }
    prepare();
    return sandbox;
  }

  @Override
  public Sandbox open(String key, UserNamespace owner) throws IOException {
    Sandbox sandbox = sandbox(key);
    remove(sandbox);
    try (NetworkNamespace namespace = NetworkNamespace.create(owner, NamespaceSandboxes::furnish)) {
      namespace.bind(sandbox.path());
    }
    return sandbox;
  }

  /// Makes namespaces in advance, in the background.
  public void prepare() {
    if (filling.compareAndSet(false, true)) {
      Thread.ofVirtual().name("djong-spare-sandboxes").start(this::fill);
    }
  }

  /// Frees those that were made in advance.
  @Override
  public void close() {
    closed = true;
    release();
  }

  private void release() {
    for (NetworkNamespace spare = spares.poll(); spare != null; spare = spares.poll()) {
      spare.close();
    }
  }

  @Override
  public @Nullable Sandbox find(String key) throws IOException {
    Sandbox sandbox = sandbox(key);
    return isBound(sandbox.path()) ? sandbox : null;
  }

  @Override
  public void tune(
      Sandbox sandbox, String device, List<Cidr> addresses, Map<String, String> parameters)
      throws IOException {
    SandboxDevice.tune(sandbox, device, addresses, parameters);
  }

  @Override
  public void remove(Sandbox sandbox) throws IOException {
    if (Files.exists(sandbox.path())) {
      NetworkNamespace.unbind(sandbox.path());
    }
  }

  @Override
  public List<Sandbox> list() throws IOException {
    List<Sandbox> sandboxes = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        sandboxes.add(new Sandbox(file.getFileName().toString(), file));
      }
    }
    return sandboxes;
  }

  private Sandbox sandbox(String key) {
    if (key.isEmpty() || key.startsWith(".") || key.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a sandbox key: " + key);
    }
    return new Sandbox(key, folder.resolve(key));
  }

  // A reboot or a crash can leave the file without the namespace.
  private boolean isBound(Path file) throws IOException {
    return Files.exists(file)
        && !Files.getAttribute(file, "unix:dev").equals(Files.getAttribute(folder, "unix:dev"));
  }

  private void fill() {
    try {
      while (!closed && spares.remainingCapacity() > 0) {
        NetworkNamespace spare = make();
        if (!spares.offer(spare)) {
          spare.close();
        }
      }
    } catch (IOException e) {
      // Whoever opens a sandbox next makes it himself and meets the error.
      LOG.log(System.Logger.Level.DEBUG, "no network namespace in advance", e);
    } finally {
      filling.set(false);
      if (closed) {
        release();
      }
    }
  }

  private static NetworkNamespace make() throws IOException {
    return NetworkNamespace.create(NamespaceSandboxes::furnish);
  }

  private static void furnish() throws IOException {
    // Devices that come later have no IPv6 until a network gives them an address of it.
    Sysctl.writeIfPresent("net/ipv6/conf/default/disable_ipv6", "1");
    try (Netlink netlink = Netlink.open()) {
      netlink.apply(new NetlinkBatch().setUp("lo"));
    }
  }
}
