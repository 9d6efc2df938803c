package io.djong.engine;

import java.io.IOException;
import java.util.List;

/// Runs the host's `ps`.
@FunctionalInterface
public interface ProcessLister {
  /// @return what it wrote
  /// @throws io.djong.model.Fault.Failed if it refused, in its words
  String list(List<String> arguments) throws IOException, InterruptedException;
}
