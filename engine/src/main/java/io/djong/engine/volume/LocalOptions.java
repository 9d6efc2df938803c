package io.djong.engine.volume;

import io.djong.linux.Mount;
import io.djong.model.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options of the volume driver `local`: what is mounted where a volume's files are, as
/// mount(8) would be told.
final class LocalOptions {
  private static final Set<String> KNOWN = Set.of("type", "o", "device", "size");

  private LocalOptions() {}

  /// @throws Fault.Invalid in Docker's words
  static void check(String volume, Map<String, String> options) {
    for (String key : options.keySet()) {
      if (!KNOWN.contains(key)) {
        throw new Fault.Invalid("create " + volume + ": invalid option: \"" + key + "\"");
      }
    }
    try {
      var _ = VolumeSize.of(options);
    } catch (Fault.Invalid e) {
      throw new Fault.Invalid("create " + volume + ": " + e.getMessage(), e);
    }
    for (String required : List.of("device", "type")) {
      boolean wanted =
          options.containsKey("type")
              || options.containsKey("o")
              || (options.containsKey("device") && required.equals("type"));
      if (!options.isEmpty() && wanted && text(options, required).isEmpty()) {
        throw new Fault.Invalid(
            "create " + volume + ": missing required option: \"" + required + "\"");
      }
    }
  }

  /// What is to be mounted; null if the folder itself holds the files.
  static @Nullable Mount mount(Map<String, String> options, Path target) {
    if (text(options, "device").isEmpty()) {
      return null;
    }
    List<String> words = new ArrayList<>();
    String type = text(options, "type");
    for (String word : text(options, "o").split(",", -1)) {
      words.add(type.startsWith("nfs") && word.startsWith("addr=") ? resolved(word) : word);
    }
    if (type.equals("tmpfs") && options.containsKey("size")) {
      words.add("size=" + VolumeSize.of(options));
    }
    return new Mount(type, text(options, "device"), target, words);
  }

  /// The kernel takes addresses, people give names.
  private static String resolved(String word) {
    String name = word.substring("addr=".length());
    try {
      return "addr=" + InetAddress.getByName(name).getHostAddress();
    } catch (UnknownHostException e) {
      throw new Fault.Failed("error resolving passed in network volume address: " + name, e);
    }
  }

  private static String text(Map<String, String> options, String key) {
    return options.getOrDefault(key, "");
  }
}
