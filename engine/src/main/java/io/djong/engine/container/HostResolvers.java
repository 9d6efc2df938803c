package io.djong.engine.container;

import io.djong.model.Fault;
import io.djong.network.Cidr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The name servers of this host (resolv.conf(5)), as the file says at the moment. Safe for use by
/// several threads.
final class HostResolvers {
  private static final Path FILE = Path.of("/etc/resolv.conf");
  private static final int PORT = 53;
  private static final int MOST = 3;

  private volatile Read read = new Read(null, List.of());

  private record Read(@Nullable FileTime changed, List<InetSocketAddress> servers) {}

  /// Those that were asked for, or the host's.
  List<InetSocketAddress> of(@Nullable List<String> asked) {
    return asked == null || asked.isEmpty() ? host() : addresses(asked);
  }

  private List<InetSocketAddress> host() {
    try {
      FileTime changed = Files.getLastModifiedTime(FILE);
      Read now = read;
      if (!changed.equals(now.changed())) {
        now = new Read(changed, addresses(words()));
        read = now;
      }
      return now.servers();
    } catch (IOException e) {
      return List.of(); // A host without the file asks nobody.
    }
  }

  private static List<String> words() throws IOException {
    List<String> servers = new ArrayList<>();
    for (String line : Files.readAllLines(FILE)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 1 && words[0].equals("nameserver")) {
        servers.add(words[1]);
      }
    }
    return servers;
  }

  private static List<InetSocketAddress> addresses(List<String> texts) {
    List<InetSocketAddress> all = new ArrayList<>();
    for (String text : texts) {
      try {
        all.add(new InetSocketAddress(Cidr.parseAddress(text), PORT));
      } catch (Fault.Invalid _) { // Not one that can be asked.
      }
    }
    return all.size() > MOST ? List.copyOf(all.subList(0, MOST)) : List.copyOf(all);
  }
}
