package io.djong.daemon.route;

import io.djong.model.Fault;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Looks for the keys that leave a terminal in what is typed. What only looked like their beginning
/// is passed on once it turns out not to be. For one thread.
final class DetachKeys {
  /// What is typed with the control key, at the place of its code.
  private static final String CONTROLS = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

  private static final byte[] DEFAULT = {'p' - 'a' + 1, 'q' - 'a' + 1};

  private final byte[] keys;
  private int matched;

  private DetachKeys(byte[] keys) {
    this.keys = keys;
  }

  /// Reads `ctrl-p,ctrl-q`; null means that.
  ///
  /// @throws Fault.Invalid if a key is neither one character nor `ctrl-` and one
  static DetachKeys parse(@Nullable String text) {
    if (text == null) {
      return new DetachKeys(DEFAULT);
    }
    String[] names = text.split(",", -1);
    byte[] keys = new byte[names.length];
    for (int i = 0; i < names.length; i++) {
      keys[i] = key(names[i], text);
    }
    return new DetachKeys(keys);
  }

  private static byte key(String name, String text) {
    if (name.length() == 1 && name.charAt(0) < 128) {
      return (byte) name.charAt(0);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    int control = lower.length() == 6 ? CONTROLS.indexOf(lower.charAt(5)) : -1;
    if (lower.startsWith("ctrl-") && control >= 0) {
      return (byte) control;
    }
    throw new Fault.Invalid("Invalid detach keys (" + text + ") provided");
  }

  /// Takes what was typed and passes on what is not the keys, as far as that is known by now.
  ///
  /// @return whether the keys were typed; what follows them is dropped
  boolean pass(byte[] typed, int length, Sink sink) throws IOException {
    byte[] passed = new byte[length + matched];
    int count = 0;
    for (int i = 0; i < length && matched < keys.length; i++) {
      if (typed[i] == keys[matched]) {
        matched++;
        continue;
      }
      System.arraycopy(keys, 0, passed, count, matched);
      count += matched;
      matched = 0;
      if (typed[i] == keys[0]) {
        matched = 1;
      } else {
        passed[count++] = typed[i];
      }
    }
    if (count > 0) {
      sink.write(passed, 0, count);
    }
    return matched == keys.length;
  }

  /// Where typed bytes go on.
  @FunctionalInterface
  interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }
}
