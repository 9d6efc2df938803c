package io.djong.cli.command;

import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import org.jspecify.annotations.Nullable;

/// How a container is asked to end, where a command can be told: null leaves it to the container.
record StopOptions(@Nullable String signal, @Nullable Integer timeout) {
  static void declare(Flags flags) {
    flags
        .value("signal", "s", "string", "Signal to send to the container")
        .value("timeout", "t", "int", "Seconds to wait before killing the container")
        .value("time", "", "int", "Same as --timeout");
  }

  static StopOptions of(Given given) {
    return new StopOptions(
        given.text("signal"), given.number(given.has("timeout") ? "timeout" : "time"));
  }
}
