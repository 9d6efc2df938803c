package io.djong.runtime;

import io.djong.linux.CgroupUsage;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A container as a process. Safe for use by several threads.
public interface ContainerProcess {
  /// The process id of the container's first process in the host's namespace; 0 once it has ended.
  int pid();

  /// Lets the created container run.
  ///
  /// @throws io.djong.model.Fault.Failed if the command cannot be executed, in the runtime's words
  void start() throws IOException;

  /// Sends a signal to the first process; never reaches a process that reuses its number.
  ///
  /// @return false if it has ended
  boolean signal(int signal) throws IOException;

  /// Stops (or lets go on) all processes at once, by the freezer.
  void pause() throws IOException;

  void resume() throws IOException;

  /// Sets the terminal's size in characters.
  void resize(int columns, int rows) throws IOException;

  /// The exit status if it has ended, else null.
  @Nullable ExitStatus exited();

  /// Waits for the end.
  ExitStatus await() throws InterruptedException;

  /// Connects to the streams. Output from now on is delivered; earlier output is in the log.
  Attachment attach() throws IOException;

  /// Reads the log; see [LogQuery].
  LogReader logs(LogQuery query) throws IOException;

  /// Process ids of all processes of the container, in the host's namespace.
  List<Integer> pids() throws IOException;

  /// What its control group has used up to now.
  CgroupUsage usage() throws IOException;

  /// Changes its limits; what is absent stays.
  ///
  /// @param resources the `resources` object of the OCI runtime specification, as JSON
  /// @throws io.djong.model.Fault.Failed if the runtime or the kernel refused, in its words
  void update(byte[] resources) throws IOException;

  /// Starts one more process in the container.
  ///
  /// @param key a file name, unique for this container
  /// @param process the `process` object of the OCI runtime specification, as JSON
  /// @param stdio its streams; the log and its limits are not used, `stdinOnce` is taken for
  ///   granted
  /// @param attached whether [ExecProcess#attach] will be called: output is then kept for it from
  ///   the first byte. Otherwise output goes nowhere
  /// @throws io.djong.model.Fault.Failed if the runtime refused, in its words
  /// @throws io.djong.model.Fault.Conflict if the container does not run
  ExecProcess exec(String key, byte[] process, Stdio stdio, boolean attached) throws IOException;

  /// The filter of system calls that the runtime has made of the profile in `config.json`, as
  /// seccomp(2) takes it (an array of `struct sock_filter`); null if there is none or the runtime
  /// keeps it to itself.
  default byte @Nullable [] systemCallFilter() throws IOException {
    return null;
  }

  /// Removes what the runtime and the monitor keep of an ended (or never started) container; kills
  /// it if it runs. The log and the bundle stay. Idempotent.
  void delete() throws IOException;

  /// One more process in a container.
  interface ExecProcess {
    int pid();

    void resize(int columns, int rows) throws IOException;

    Attachment attach() throws IOException;

    @Nullable ExitStatus exited();

    ExitStatus await() throws InterruptedException;

    /// Sends a signal.
    ///
    /// @return false if it has ended
    boolean signal(int signal) throws IOException;
  }

  /// A connection to a process's streams. One thread may read while another writes.
  interface Attachment extends AutoCloseable {
    /// The next output, or null at its end. Blocks.
    @Nullable Output read() throws IOException;

    /// Writes to stdin. Blocks while the process does not read.
    void write(byte[] bytes, int offset, int length) throws IOException;

    /// Ends this attachment's input: the process sees the end of its stdin if that is for one
    /// attachment only and no terminal; otherwise others may go on. Idempotent.
    void closeStdin() throws IOException;

    /// Ends the attachment; who reads from it then gets null. Its input ends as by [#closeStdin] if
    /// it has written any, and the process's streams are otherwise left alone. Idempotent.
    @Override
    void close() throws IOException;
  }

  /// A piece of output.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Output(Channel channel, byte[] bytes) {}

  enum Channel {
    STDOUT,
    STDERR
  }

  /// What to read of a log. `tail` -1 is everything; `since` and `until` are inclusive; `follow`
  /// waits for more until the container has ended and everything was read.
  record LogQuery(
      boolean stdout,
      boolean stderr,
      int tail,
      @Nullable Instant since,
      @Nullable Instant until,
      boolean follow) {}

  /// Reads a log. For one thread; another may close it.
  interface LogReader extends AutoCloseable {
    /// The next line, or null at the end. Blocks when following.
    @Nullable LogLine next() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// One line; the bytes end in a newline unless the container's own line is not at its end yet or
  /// was longer than a piece of the log.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record LogLine(Instant time, Channel channel, byte[] bytes) {}
}
