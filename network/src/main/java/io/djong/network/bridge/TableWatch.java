package io.djong.network.bridge;

import io.djong.linux.NftEvents;
import io.djong.model.Exempt;
import java.io.IOException;

/// Writes our table of the packet filter again as soon as somebody has deleted it: a reload of the
/// host's firewall flushes everything. Looks after what the host itself forwards when that changes.
@Exempt(from = Exempt.Rule.PLATFORM_THREADS, because = "it waits in the kernel, and is one")
final class TableWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TableWatch.class.getName());

  private final Firewall firewall;
  private final HostForwarding forwarding;
  private final String table;
  private final NftEvents events;
  private volatile boolean closed;

  private TableWatch(Firewall firewall, HostForwarding forwarding, String table, NftEvents events) {
    this.firewall = firewall;
    this.forwarding = forwarding;
    this.table = table;
    this.events = events;
  }

  static TableWatch start(Firewall firewall, HostForwarding forwarding, String table)
      throws IOException {
    TableWatch watch = new TableWatch(firewall, forwarding, table, NftEvents.open());
    Thread.ofPlatform().daemon().name("djong-table-watch").start(watch::run);
    return watch;
  }

  private void run() {
    try (events) {
      while (!closed) {
        NftEvents.Heard heard = events.await(table);
        if (heard.lost() && !closed) {
          firewall.repair();
        }
        if (heard.forwarding() && !closed) {
          forwarding.look();
        }
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the packet filter is not watched any more: what is flushed comes back with the next"
              + " container",
          e);
    }
  }

  /// The thread ends soon.
  @Override
  public void close() {
    closed = true;
  }
}
