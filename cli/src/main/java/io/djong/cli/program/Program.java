package io.djong.cli.program;

import io.djong.model.Exempt;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs of the system that commands make use of, each told by its words; no shell is between.
@Exempt(
    from = Exempt.Rule.PROCESSES,
    because =
        "the client has no kernel door: stty, tar, mmdebstrap and setsid do what Java cannot, and the"
            + " daemon is a program of its own")
public final class Program implements AutoCloseable {
  private final String name;
  private final Process process;

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// Starts a program whose output is read here; its errors go where ours go.
  ///
  /// @throws IOException if there is no such program
  public static Program reading(List<String> words) throws IOException {
    return start(new ProcessBuilder(words).redirectInput(Redirect.from(new File("/dev/null"))));
  }

  /// Starts a program that reads what is written here; its errors go where ours go.
  ///
  /// @throws IOException if there is no such program
  public static Program writing(List<String> words) throws IOException {
    return start(new ProcessBuilder(words).redirectOutput(Redirect.DISCARD));
  }

  private static Program start(ProcessBuilder builder) throws IOException {
    return new Program(builder.command().get(0), builder.redirectError(Redirect.INHERIT).start());
  }

  /// Runs a program that reads our standard input.
  ///
  /// @return what it printed, without blanks around
  /// @throws IOException if there is no such program or it fails
  public static String outputOf(String... words) throws IOException {
    try (Program program = start(new ProcessBuilder(words).redirectInput(Redirect.INHERIT))) {
      return new String(program.output().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /// Starts a program that outlives this one, in a session of its own, its output at the end of a
  /// file.
  ///
  /// @throws IOException if it cannot be started
  public static void detached(Path log, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(List.of("setsid", "--fork"));
    all.addAll(words);
    Process process =
        new ProcessBuilder(all)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .start();
    new Program("setsid", process).end();
  }

  /// Whether there is such a program on the path.
  public static boolean exists(String name) {
    String path = System.getenv("PATH");
    for (String folder : ((path == null ? "" : path) + ":/usr/sbin:/sbin").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
        return true;
      }
    }
    return false;
  }

  /// What it prints. Its end is one only if the program ended well: else reading throws, so that
  /// nobody takes a part for the whole.
  public InputStream output() {
    return new Output(this);
  }

  /// What it reads.
  public OutputStream input() {
    return process.getOutputStream();
  }

  /// Waits for its end.
  ///
  /// @throws IOException if it failed
  public void end() throws IOException {
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(name + " failed with exit code " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
  }

  /// Ends it if it still runs.
  @Override
  public void close() {
    process.destroy();
  }

  private static final class Output extends FilterInputStream {
    private final Program program;

    Output(Program program) {
      super(program.process.getInputStream());
      this.program = program;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one < 0) {
        program.end();
      }
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read < 0) {
        program.end();
      }
      return read;
    }
  }
}
