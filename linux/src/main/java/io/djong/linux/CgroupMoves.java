package io.djong.linux;

import io.djong.model.Exempt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Has the kernel ready for processes that will be moved into control groups. Each move takes one
/// lock of the whole machine (`cgroup_threadgroup_rwsem`); who is first to take it for a while
/// waits for a grace period of RCU, 6 to 20 ms of sleep, and who comes within some 15 ms after
/// another does not. A runtime that is being started comes to it late enough that the wait can be
/// over by then.
///
/// What takes the lock is this process, which enters a group it is in: nothing changes by it. It
/// does so for a short while after a move was announced, and then not any more. Safe for use by
/// several threads.
@Exempt(
    from = Exempt.Rule.PLATFORM_THREADS,
    because = "the wait is inside of a write, which would hold the carrier of a virtual thread")
public final class CgroupMoves {
  private static final Duration AHEAD = Duration.ofMillis(60);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Supplier<@Nullable Path> members;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile long until;

  /// Of the groups this process is in.
  public CgroupMoves() {
    this(CgroupMoves::ownMembers);
  }

  /// @param members the file `cgroup.procs` of a group of this process; null if there is none
  CgroupMoves(Supplier<@Nullable Path> members) {
    this.members = members;
  }

  private static @Nullable Path ownMembers() {
    try {
      return Cgroup.of((int) ProcessHandle.current().pid(), "").folders().stream()
          .map(group -> group.resolve("cgroup.procs"))
          .filter(Files::isWritable)
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      // A host without control groups has none to wait for.
      return null;
    }
  }

  /// Announces a move within the next moments. Returns at once.
  public void expect() {
    until = System.nanoTime() + AHEAD.toNanos();
    if (busy.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("moves of control groups").start(this::takeTheLock);
    }
  }

  private void takeTheLock() {
    byte[] self = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    try {
      // Looked for each time: a service manager may have moved this process, and has the last word.
      Path file = members.get();
      if (file == null) {
        return;
      }
      try (FileChannel group = FileChannel.open(file, StandardOpenOption.WRITE)) {
        while (until - System.nanoTime() > 0) {
          group.write(ByteBuffer.wrap(self));
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
    } catch (IOException e) {
      // A group that does not let this process in makes moves no slower than they are.
      return;
    } finally {
      busy.set(false);
    }
  }
}
