package io.djong.verify.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs other people's programs and keeps what they said.
final class Program {
  private static final long PATIENCE_SECONDS = 240;

  private Program() {}

  /// What a program said, and how it ended.
  record Result(List<String> command, int code, String out, String err) {
    /// This result, if the program ended well.
    Result ok() {
      if (code != 0) {
        throw new AssertionError(this);
      }
      return this;
    }

    String line() {
      return out.strip();
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  /// Our own program, as it lies in the repository.
  static Result djong(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(LiveDaemon.REPOSITORY.resolve("djong").toString());
    command.addAll(List.of(words));
    return run(command, environment, null);
  }

  static Result run(List<String> command, Map<String, String> environment, @Nullable String input)
      throws IOException, InterruptedException {
    return run(command, environment, input == null ? null : input.getBytes(UTF_8), null);
  }

  /// @param directory where it runs; null is where the tests run
  static Result run(
      List<String> command,
      Map<String, String> environment,
      byte @Nullable [] input,
      @Nullable Path directory)
      throws IOException, InterruptedException {
    Process process = start(command, environment, directory);
    CompletableFuture<String> out = reading(process.getInputStream());
    CompletableFuture<String> err = reading(process.getErrorStream());
    try (OutputStream stdin = process.getOutputStream()) {
      if (input != null) {
        stdin.write(input);
      }
    } catch (IOException e) {
      // The program ended without reading all of it: its exit code says whether that was right.
      err.join();
    }
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end; it said " + out.join() + err.join());
    }
    return new Result(command, process.exitValue(), out.join(), err.join());
  }

  static Process start(
      List<String> command, Map<String, String> environment, @Nullable Path directory)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder.start();
  }

  static CompletableFuture<String> reading(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
