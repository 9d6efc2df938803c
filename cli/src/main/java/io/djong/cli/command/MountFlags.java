package io.djong.cli.command;

import io.djong.cli.flag.Given;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What `--volume`, `--mount` and `--tmpfs` ask for, in the four places where the API wants it.
///
/// @param anonymous targets of volumes without a name
/// @param binds `source:target[:options]`, the source a path or a volume's name
record MountFlags(
    Map<String, Object> anonymous,
    List<String> binds,
    List<Object> mounts,
    Map<String, String> tmpfs) {

  /// @throws UsageException if a value cannot be
  static MountFlags of(Given given) {
    Map<String, Object> anonymous = new LinkedHashMap<>();
    List<String> binds = new ArrayList<>();
    for (String volume : given.all("volume")) {
      int colon = volume.indexOf(':');
      if (colon < 0) {
        anonymous.put(volume, Map.of());
      } else if (volume.startsWith(".")) { // Only this side knows what it is relative to.
        Path source = Path.of(volume.substring(0, colon)).toAbsolutePath().normalize();
        binds.add(source + volume.substring(colon));
      } else {
        binds.add(volume);
      }
    }
    List<Object> mounts = new ArrayList<>();
    for (String mount : given.all("mount")) {
      mounts.add(mount(mount));
    }
    Map<String, String> tmpfs = new LinkedHashMap<>();
    for (String one : given.all("tmpfs")) {
      int colon = one.indexOf(':');
      tmpfs.put(
          colon < 0 ? one : one.substring(0, colon), colon < 0 ? "" : one.substring(colon + 1));
    }
    return new MountFlags(anonymous, binds, mounts, tmpfs);
  }

  private static Map<String, Object> mount(String text) {
    Map<String, Object> mount = new LinkedHashMap<>();
    Map<String, Object> bind = new LinkedHashMap<>();
    Map<String, Object> volume = new LinkedHashMap<>();
    Map<String, Object> tmpfs = new LinkedHashMap<>();
    mount.put("Type", "volume");
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String value = equals < 0 ? "" : field.substring(equals + 1);
      switch (key) {
        case "type" -> mount.put("Type", value);
        case "source", "src" -> mount.put("Source", value);
        case "target", "destination", "dst" -> mount.put("Target", value);
        case "readonly", "ro" -> mount.put("ReadOnly", on(value));
        case "bind-propagation" -> bind.put("Propagation", value);
        case "bind-nonrecursive" -> bind.put("NonRecursive", on(value));
        case "bind-create-src" -> bind.put("CreateMountpoint", on(value));
        case "volume-nocopy" -> volume.put("NoCopy", on(value));
        case "volume-subpath" -> volume.put("Subpath", value);
        case "image-subpath" -> mount.put("ImageOptions", Map.of("Subpath", value));
        case "tmpfs-size" -> tmpfs.put("SizeBytes", Given.size("mount", value));
        case "tmpfs-mode" -> tmpfs.put("Mode", octal(text, value));
        default ->
            throw Given.invalid("mount", text, "unexpected key '" + key + "' in '" + field + "'");
      }
    }
    if (!mount.containsKey("Target")) {
      throw Given.invalid("mount", text, "target is required");
    }
    if (!bind.isEmpty()) {
      mount.put("BindOptions", bind);
    }
    if (!volume.isEmpty()) {
      mount.put("VolumeOptions", volume);
    }
    if (!tmpfs.isEmpty()) {
      mount.put("TmpfsOptions", tmpfs);
    }
    return mount;
  }

  private static boolean on(String value) {
    return value.isEmpty() || value.equals("true") || value.equals("1");
  }

  private static int octal(String mount, String mode) {
    try {
      return Integer.parseInt(mode, 8);
    } catch (NumberFormatException _) {
      throw Given.invalid("mount", mount, "invalid value for tmpfs-mode: " + mode);
    }
  }
}
