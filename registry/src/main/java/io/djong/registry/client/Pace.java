package io.djong.registry.client;

import java.util.function.LongSupplier;

/// Decides over how many connections a blob comes. One more pays where its reader waits for bytes
/// more than for anything else, and where the last one brought a good part of its share; otherwise
/// the way or the server is what is slow, or the reader himself. For one thread.
class Pace {
  private static final int MOST = 4;
  private static final long STEP_NANOS = 500_000_000;

  private final LongSupplier clock;
  private final int most;
  private int connections = 1;
  private long since;
  private long before;
  private long waited;
  private double rate;
  private boolean fresh;
  private boolean settled;

  Pace() {
    this(System::nanoTime, MOST);
  }

  /// @param clock in nanoseconds
  Pace(LongSupplier clock, int most) {
    this.clock = clock;
    this.most = most;
    this.since = clock.getAsLong();
  }

  /// In nanoseconds, since any moment.
  long now() {
    return clock.getAsLong();
  }

  /// Notes that the reader waited for bytes.
  void waited(long nanos) {
    waited += nanos;
  }

  /// There cannot be as many: so many fewer, and no more from now on.
  void fewer(int by) {
    connections -= by;
    settled = true;
  }

  /// How many connections there should be.
  ///
  /// @param arrived how many bytes came in all, over all connections
  int connections(long arrived) {
    long elapsed = now() - since;
    if (settled || elapsed < STEP_NANOS) {
      return connections;
    }
    double faster = (double) (arrived - before) / elapsed;
    boolean awaited = waited * 2 > elapsed;
    since += elapsed;
    before = arrived;
    waited = 0;
    if (fresh) {
      fresh = false; // A new connection has to gather way first.
    } else if (awaited && connections > 1 && faster < rate * gain(connections)) {
      fewer(1);
    } else if (awaited && connections < most) {
      rate = faster;
      connections++;
      fresh = true;
    }
    return connections;
  }

  /// What the last of so many connections must have brought: a third of its share.
  private static double gain(int connections) {
    return 1 + 1.0 / (3 * (connections - 1));
  }
}
