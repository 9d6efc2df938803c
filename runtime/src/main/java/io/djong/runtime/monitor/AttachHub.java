package io.djong.runtime.monitor;

import io.djong.linux.PacketSocket;
import io.djong.linux.Poller;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one connection to a monitor's attach socket, shared by all attachments of a process. conmon
/// writes to the socket while it holds up the process, so the connection is drained by a thread of
/// its own.
///
/// After the last attachment has gone the connection stays until the next output: conmon notices
/// only when it writes that nobody listens, and keeps a descriptor for each connection until then.
final class AttachHub {
  /// conmon reads 8 KiB of output at once and puts one byte before it.
  private static final int PACKET = 16 << 10;

  /// conmon reads up to 32 KiB of input at once.
  private static final int INPUT = 16 << 10;

  private static final byte STDERR = 3;

  private final Poller poller;
  private final Path path;
  private final boolean stdin;
  private final boolean stdinEnds;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock sending = new ReentrantLock();
  private final List<HubAttachment> attachments = new CopyOnWriteArrayList<>();

  /// Also those left behind: they may still write.
  private final AtomicInteger open = new AtomicInteger();

  private volatile @Nullable PacketSocket socket;
  private volatile boolean stdinEnded;

  /// @param stdin whether the process has a stdin at all
  /// @param stdinEnds whether the end of an attachment's input is the end of the process's
  /// @param patience how long an attachment may take nothing before it is left behind
  AttachHub(Poller poller, Path path, boolean stdin, boolean stdinEnds, Duration patience) {
    this.poller = poller;
    this.path = path;
    this.stdin = stdin;
    this.stdinEnds = stdinEnds;
    this.patience = patience;
  }

  /// @param over whether the process has ended: nobody listening is no error then
  /// @param rest where the attachment goes on when it falls behind
  Attachment attach(boolean over, @Nullable CatchUp rest) throws IOException {
    lock.lock();
    try {
      HubAttachment attachment = new HubAttachment(this, patience, rest);
      if (socket == null) {
        PacketSocket connected = connect(over);
        if (connected == null) {
          open.incrementAndGet();
          attachment.end();
          return attachment;
        }
        socket = connected;
        add(attachment);
        Thread.ofVirtual().name("attach " + path).start(() -> drain(connected));
      } else {
        add(attachment);
      }
      return attachment;
    } finally {
      lock.unlock();
    }
  }

  private void add(HubAttachment attachment) {
    attachments.add(attachment);
    open.incrementAndGet();
  }

  private @Nullable PacketSocket connect(boolean over) throws IOException {
    try {
      return PacketSocket.connect(poller, path);
    } catch (IOException e) {
      if (over || Files.notExists(path)) {
        return null;
      }
      throw new IOException("attaching to the container's monitor", e);
    }
  }

  private void drain(PacketSocket from) {
    byte[] packet = new byte[PACKET];
    try (from) {
      while (true) {
        int size = from.receive(packet);
        if (size < 0 || leave()) {
          return;
        }
        Channel channel = packet[0] == STDERR ? Channel.STDERR : Channel.STDOUT;
        Output output = new Output(channel, Arrays.copyOfRange(packet, 1, size));
        for (HubAttachment attachment : attachments) {
          attachment.offer(output);
        }
      }
    } catch (IOException e) {
      for (HubAttachment attachment : attachments) {
        attachment.fail(e);
      }
    } finally {
      end(from);
    }
  }

  /// Whether nobody listens any more; the connection is given up then.
  private boolean leave() {
    lock.lock();
    try {
      if (open.get() > 0) {
        return false;
      }
      socket = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void end(PacketSocket ended) {
    lock.lock();
    try {
      if (socket == null || socket == ended) {
        socket = null;
        attachments.forEach(HubAttachment::end);
        attachments.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gives it no more output.
  void leaveBehind(HubAttachment attachment) {
    attachments.remove(attachment);
  }

  /// To be called once for each attachment.
  void closed(HubAttachment attachment) {
    attachments.remove(attachment);
    open.decrementAndGet();
  }

  void send(byte[] bytes, int offset, int length) throws IOException {
    if (!stdin || stdinEnded) {
      // Nobody reads it: what a process leaves unread is lost as well.
      return;
    }
    sending.lock();
    try {
      PacketSocket to = socket;
      if (to == null) {
        throw new IOException("the process has ended");
      }
      to.send(bytes, offset, length, INPUT);
    } finally {
      sending.unlock();
    }
  }

  void endStdin() {
    if (stdin && stdinEnds) {
      sending.lock();
      try {
        PacketSocket to = socket;
        stdinEnded = true;
        if (to != null) {
          to.shutdownOutput();
        }
      } finally {
        sending.unlock();
      }
    }
  }
}
