package io.djong.daemon;

import io.djong.engine.Publishing;
import io.djong.http.Listen;
import io.djong.model.Fault;
import io.djong.network.Cidr;
import io.djong.registry.RegistrySettings;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a daemon runs. Where nothing was said, `runtime`, `bridge` and `bip` are null and whoever
/// needs them chooses.
///
/// @param dataRoot what outlives the machine's restart
/// @param execRoot what does not
/// @param runtime the OCI runtime's name or path
/// @param storageDriver how layers are kept; null to find out what this machine can
/// @param blobCache in bytes, what packed layers may take that can be made again
/// @param bridge the device of the default network
/// @param registries how registries are reached
/// @param bip that device's address with the prefix of its subnet
/// @param remap whose ids of the host all containers get; null if they are not mapped
/// @param publishing where ports go, and who may come, where a container does not say
public record Settings(
    Path dataRoot,
    Path execRoot,
    List<String> hosts,
    Level logLevel,
    @Nullable String runtime,
    @Nullable StorageDriver storageDriver,
    long blobCache,
    @Nullable String bridge,
    @Nullable String bip,
    Publishing publishing,
    @Nullable String remap,
    boolean insecureTcp,
    RegistrySettings registries) {
  private static final int SOCKET_MODE = 0660;

  /// What holds where neither the command line nor a file says otherwise.
  public static final Settings DEFAULT =
      new Settings(
          Path.of("/var/lib/djong"),
          Path.of("/run/djong"),
          List.of("unix:///run/djong.sock"),
          Level.INFO,
          null,
          null,
          1L << 30,
          null,
          null,
          Publishing.ANYWHERE,
          null,
          false,
          RegistrySettings.DEFAULT);

  /// How layers are kept.
  public enum StorageDriver {
    EROFS,
    OVERLAY
  }

  public Settings {
    hosts = List.copyOf(hosts);
  }

  /// The hosts as places to listen; `fd://` means the sockets that the service manager opened.
  ///
  /// @throws Fault.Invalid if a host is none of `unix:///PATH`, `tcp://ADDRESS:PORT` and `fd://`,
  ///   or no socket was handed over
  /// @throws Fault.Unsupported if one is TCP, which would give anybody who reaches it this machine
  public List<Listen> listens() {
    return hosts.stream().flatMap(this::listen).toList();
  }

  private Stream<Listen> listen(String host) {
    if (host.equals("fd://")) {
      return ServiceUnit.sockets().stream();
    }
    return Stream.of(listenAt(host));
  }

  private Listen listenAt(String host) {
    if (host.startsWith("unix:///")) {
      return new Listen.Unix(Path.of(host.substring("unix://".length())), SOCKET_MODE);
    }
    if (!host.startsWith("tcp://")) {
      throw new Fault.Invalid(
          "invalid host \"" + host + "\": want unix:///PATH, tcp://ADDRESS:PORT or fd://");
    }
    if (!insecureTcp) {
      throw new Fault.Unsupported(
          host
              + " would give whoever reaches it this machine, and TLS is not there yet in djong 0.1:"
              + " use a unix socket, or --insecure-tcp-i-know on a network you trust");
    }
    int colon = host.lastIndexOf(':');
    try {
      InetAddress address = Cidr.parseAddress(host.substring("tcp://".length(), colon));
      return new Listen.Tcp(
          new InetSocketAddress(address, Integer.parseInt(host.substring(colon + 1))));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Fault.Invalid("invalid host \"" + host + "\": want tcp://ADDRESS:PORT", e);
    }
  }
}
