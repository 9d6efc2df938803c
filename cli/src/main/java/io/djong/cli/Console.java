package io.djong.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The standard streams of the program. Output is buffered until [#flush]; errors are not. Safe for
/// use by several threads.
public final class Console {
  private static final int BUFFER = 8 << 10;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final String terminals;

  /// @param terminals the numbers of those standard streams that are terminals, such as `012`
  public Console(InputStream in, PrintStream out, PrintStream err, String terminals) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminals = terminals;
  }

  /// The streams this process was given.
  public static Console ofProcess() {
    PrintStream out =
        new PrintStream(
            new java.io.BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
            false,
            StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    // The launcher looks: a shell has the test built in, the JDK would load a terminal library for
    // it.
    String terminals = System.getProperty("djong.terminals", "");
    return new Console(new StandardInput(), out, err, terminals);
  }

  /// Of a process, what a thread waits for in a read ends when the thread is interrupted.
  public InputStream in() {
    return in;
  }

  /// For bytes and for text without a line feed of its own.
  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  /// The output for what streams: nothing waits in a buffer, and a reader that went away is an
  /// error.
  public OutputStream unbuffered() {
    return new Unbuffered(out);
  }

  /// Writes a line of the result.
  public void print(String line) {
    out.print(line);
    out.print('\n');
  }

  /// Writes a line that is not the result: a warning, an error, what goes on.
  public void say(String line) {
    out.flush();
    err.print(line + "\n");
  }

  public boolean inputIsTerminal() {
    return terminals.indexOf('0') >= 0;
  }

  public boolean outputIsTerminal() {
    return terminals.indexOf('1') >= 0;
  }

  /// Whether progress may be redrawn in place on `err`.
  public boolean redraws() {
    return terminals.indexOf('2') >= 0
        && !"dumb".equals(System.getenv("TERM"))
        && System.getenv("NO_COLOR") == null;
  }

  public void flush() {
    out.flush();
  }

  private static final class Unbuffered extends OutputStream {
    private final PrintStream out;

    Unbuffered(PrintStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      if (out.checkError()) { // This flushes too.
        throw new IOException("standard output is closed");
      }
    }
  }
}
