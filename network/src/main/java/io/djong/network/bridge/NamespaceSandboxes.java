package io.djong.network.bridge;

import io.djong.linux.Netlink;
import io.djong.linux.NetlinkBatch;
import io.djong.linux.NetworkNamespace;
import io.djong.linux.Sysctl;
import io.djong.network.Sandbox;
import io.djong.network.Sandboxes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Network namespaces bound to files of one folder, named by their keys.
public final class NamespaceSandboxes implements Sandboxes {
  private final Path folder;

  /// @param folder is made if missing; on a file system that a reboot empties
  public NamespaceSandboxes(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  @Override
  public Sandbox open(String key) throws IOException {
    Sandbox sandbox = sandbox(key);
    // A leftover: whoever has a container for this key would have found it.
    remove(sandbox);
    try (NetworkNamespace namespace = NetworkNamespace.create(NamespaceSandboxes::prepare)) {
      namespace.bind(sandbox.path());
    }
    return sandbox;
  }

  @Override
  public @Nullable Sandbox find(String key) throws IOException {
    Sandbox sandbox = sandbox(key);
    return isBound(sandbox.path()) ? sandbox : null;
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

  private static void prepare() throws IOException {
    // Devices that come later have no IPv6 until a network gives them an address of it.
    Sysctl.writeIfPresent("net/ipv6/conf/default/disable_ipv6", "1");
    try (Netlink netlink = Netlink.open()) {
      netlink.apply(new NetlinkBatch().setUp("lo"));
    }
  }
}
