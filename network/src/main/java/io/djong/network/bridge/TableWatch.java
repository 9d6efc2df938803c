package io.djong.network.bridge;

import io.djong.linux.NftLosses;
import io.djong.model.Exempt;
import java.io.IOException;

/// Writes our table of the packet filter again as soon as somebody has deleted it: a reload of the
/// host's firewall flushes everything.
@Exempt(from = Exempt.Rule.PLATFORM_THREADS, because = "it waits in the kernel, and is one")
final class TableWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TableWatch.class.getName());

  private final Firewall firewall;
  private final String table;
  private final NftLosses losses;
  private volatile boolean closed;

  private TableWatch(Firewall firewall, String table, NftLosses losses) {
    this.firewall = firewall;
    this.table = table;
    this.losses = losses;
  }

  static TableWatch start(Firewall firewall, String table) throws IOException {
    TableWatch watch = new TableWatch(firewall, table, NftLosses.open());
    Thread.ofPlatform().daemon().name("djong-table-watch").start(watch::run);
    return watch;
  }

  private void run() {
    try (losses) {
      while (!closed) {
        if (losses.await(table) && !closed) {
          firewall.repair();
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
