package io.djong.linux;

import java.nio.file.Path;
import java.util.List;

/// One mount as `mount(8)` would be told: options are the generic ones (`ro`, `nosuid`, `rbind` …)
/// and the file system's own (`lowerdir=…`), in order.
public record Mount(String type, String source, Path target, List<String> options) {
  public Mount {
    options = List.copyOf(options);
  }
}
