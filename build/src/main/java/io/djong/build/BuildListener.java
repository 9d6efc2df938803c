package io.djong.build;

import io.djong.model.Digest;
import org.jspecify.annotations.Nullable;

/// Looks on while an image is built. Called from several threads at once; neither blocks for long
/// nor throws.
@FunctionalInterface
public interface BuildListener {
  BuildListener NONE = _ -> {};

  void on(Event event);

  /// What happens. `number` counts the instructions of the stages that are built, from 1.
  sealed interface Event {
    /// Before everything else: these will be done.
    record Planned(java.util.List<String> instructions) implements Event {}

    record Started(int number, @Nullable String container) implements Event {}

    /// What a command said.
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Output(int number, boolean stderr, byte[] bytes) implements Event {}

    /// @param state names what the image is like now: its config's digest, if it ended here
    /// @param container what ran, if anything did
    record Done(int number, Digest state, boolean cached, @Nullable String container)
        implements Event {}

    /// @param exitCode of its command; 0 if it failed otherwise
    record Failed(int number, int exitCode) implements Event {}

    record Warning(String text) implements Event {}
  }
}
