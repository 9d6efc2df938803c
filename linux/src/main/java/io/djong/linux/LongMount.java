package io.djong.linux;

import io.djong.linux.Syscall.Frame;
import java.util.ArrayList;
import java.util.List;

/// Mounts an overlay whose options are longer than `mount(2)` takes: each lower folder is handed
/// over on its own (`fsconfig(2)` with `lowerdir+`, Linux 6.8); on older kernels the folders get
/// the short names of descriptors.
final class LongMount {
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int CLOEXEC = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MOVE_MOUNT_T_SYMLINKS = 0x10;
  private static final String LOWER = "lowerdir=";

  private LongMount() {}

  static void mount(Mount mount, MountOptions options) throws KernelException {
    try {
      mountInSteps(mount, options);
    } catch (KernelException e) {
      if (e.errno() != Errno.ENOSYS && e.errno() != Errno.EINVAL) {
        throw e;
      }
      mountByDescriptors(mount, options);
    }
  }

  private static void mountInSteps(Mount mount, MountOptions options) throws KernelException {
    String target = mount.target().toString();
    try (Frame frame = new Frame()) {
      int context =
          (int) frame.check(Syscall.FSOPEN, mount.type(), frame.text(mount.type()), CLOEXEC);
      try {
        set(frame, context, "source", mount.source());
        for (String option : options.others()) {
          if (option.startsWith(LOWER)) {
            for (String lower : folders(option)) {
              set(frame, context, "lowerdir+", lower);
            }
          } else {
            set(frame, context, option);
          }
        }
        frame.check(Syscall.FSCONFIG, target, context, FSCONFIG_CMD_CREATE);
        // The first four flags have the same numbers in both calls.
        long attributes = options.flags() & 15;
        int mounted = (int) frame.check(Syscall.FSMOUNT, target, context, CLOEXEC, attributes);
        try {
          frame.check(
              Syscall.MOVE_MOUNT,
              target,
              mounted,
              frame.text(""),
              Descriptors.AT_FDCWD,
              frame.text(target),
              MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
        } finally {
          Descriptors.close(mounted);
        }
      } finally {
        Descriptors.close(context);
      }
    }
  }

  private static void set(Frame frame, int context, String option) throws KernelException {
    int equals = option.indexOf('=');
    if (equals < 0) {
      frame.check(Syscall.FSCONFIG, option, context, FSCONFIG_SET_FLAG, frame.text(option), 0, 0);
    } else {
      set(frame, context, option.substring(0, equals), unescape(option.substring(equals + 1)));
    }
  }

  private static void set(Frame frame, int context, String key, String value)
      throws KernelException {
    frame.check(
        Syscall.FSCONFIG,
        key + "=" + value,
        context,
        FSCONFIG_SET_STRING,
        frame.text(key),
        frame.text(value),
        0);
  }

  private static void mountByDescriptors(Mount mount, MountOptions options) throws KernelException {
    List<Integer> held = new ArrayList<>();
    try (Frame frame = new Frame()) {
      List<String> words = new ArrayList<>();
      for (String option : options.others()) {
        if (!option.startsWith(LOWER)) {
          words.add(option);
          continue;
        }
        List<String> names = new ArrayList<>();
        for (String lower : folders(option)) {
          int opened =
              Descriptors.openAnywhere(frame, lower, Syscall.O_DIRECTORY | Descriptors.O_PATH);
          held.add(opened);
          names.add(Descriptors.procPath(opened));
        }
        words.add(LOWER + String.join(":", names));
      }
      Mounts.call(
          mount.source(),
          mount.target().toString(),
          mount.type(),
          options.flags(),
          String.join(",", words));
    } finally {
      held.forEach(Descriptors::close);
    }
  }

  /// The folders of a `lowerdir=`, which are separated by colons that no backslash stands before.
  static List<String> folders(String option) {
    List<String> folders = new ArrayList<>();
    int start = LOWER.length();
    for (int i = start; i <= option.length(); i++) {
      if (i < option.length() && option.charAt(i) == '\\') {
        i++;
      } else if (i == option.length() || option.charAt(i) == ':') {
        folders.add(unescape(option.substring(start, i)));
        start = i + 1;
      }
    }
    return folders;
  }

  static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        i++;
      }
      plain.append(text.charAt(i));
    }
    return plain.toString();
  }
}
