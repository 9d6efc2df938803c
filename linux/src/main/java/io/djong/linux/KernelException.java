package io.djong.linux;

import java.io.IOException;

/// The kernel refused a call. The message names the call, what it was about, and the error in
/// words.
public final class KernelException extends IOException {
  private final int errno;

  KernelException(String call, int errno) {
    super(call + ": " + Errno.text(errno));
    this.errno = errno;
  }

  /// The error number as the kernel gave it, see [Errno].
  public int errno() {
    return errno;
  }
}
