package io.djong.linux;

import io.djong.model.RawPath;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// How a [Root] tells and takes the owners of a tree that is mounted with others: in ids as they
/// are kept. Root of the host has no place in such a tree, so what is new there is made by a thread
/// whose files are those of the tree's root. Safe for use by several threads.
final class ShiftedOwners implements AutoCloseable {
  private final IdMapping mapping;
  private @Nullable OwnerThread maker;

  ShiftedOwners(IdMapping mapping) {
    this.mapping = mapping;
  }

  /// With the owner as it is kept.
  FileStatus kept(FileStatus status) {
    return status.withOwner(
        (int) mapping.keptUser(Integer.toUnsignedLong(status.uid())),
        (int) mapping.keptGroup(Integer.toUnsignedLong(status.gid())));
  }

  /// The id of the host that stands for a user's.
  ///
  /// @throws KernelException with [Errno#EOVERFLOW] if none does
  int user(RawPath subject, int kept) throws KernelException {
    return shown(subject, mapping.user(Integer.toUnsignedLong(kept)));
  }

  int group(RawPath subject, int kept) throws KernelException {
    return shown(subject, mapping.group(Integer.toUnsignedLong(kept)));
  }

  private static int shown(RawPath subject, long id) throws KernelException {
    if (id < 0) {
      throw Syscall.FCHOWNAT.failed(subject, -Errno.EOVERFLOW);
    }
    return (int) id;
  }

  /// An attribute as it is kept: what a file can is good for the tree's own root.
  byte @Nullable [] kept(byte[] attribute, byte @Nullable [] value) {
    return value == null
        ? null
        : FileCapability.withoutRoot(attribute, value, (int) mapping.user(0));
  }

  /// An attribute as the kernel wants it of a process of the host.
  byte[] shown(byte[] attribute, byte[] value) {
    return FileCapability.forRoot(attribute, value, (int) mapping.user(0));
  }

  /// Runs what makes something new.
  <T> T make(Callable<T> action) throws IOException {
    return maker().call(action);
  }

  private synchronized OwnerThread maker() throws IOException {
    OwnerThread running = maker;
    if (running == null) {
      running = OwnerThread.start(mapping.user(0), mapping.group(0));
      maker = running;
    }
    return running;
  }

  @Override
  public synchronized void close() {
    if (maker != null) {
      maker.close();
      maker = null;
    }
  }
}
