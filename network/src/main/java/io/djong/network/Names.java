package io.djong.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one container may know of names. Names are lower case and have no dot at the end. Safe for
/// use by several threads, and quick: it is asked for every packet.
public interface Names {
  /// The addresses of a name, of both families; null if there is no such name here.
  @Nullable List<InetAddress> addresses(String name);

  /// The name that belongs to an address; null if there is none.
  @Nullable String name(InetAddress address);

  /// Whether an address is of a network of this container, so that nobody else knows its name.
  boolean isNear(InetAddress address);

  /// Who is asked about all other names; nobody for a container that reaches no outside.
  List<InetSocketAddress> servers();
}
