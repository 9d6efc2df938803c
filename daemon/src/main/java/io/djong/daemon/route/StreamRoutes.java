package io.djong.daemon.route;

import io.djong.engine.ContainerDetails;
import io.djong.engine.Containers;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess.Attachment;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ContainerProcess.LogReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// What containers say and are told: attach and logs.
final class StreamRoutes {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z' ").withZone(ZoneOffset.UTC);

  private final Containers containers;

  StreamRoutes(Containers containers) {
    this.containers = containers;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/containers/{id}/attach", this::attach);
    table.add("GET", "/containers/{id}/logs", this::logs);
  }

  private void attach(Call call) throws IOException {
    String id = call.name("id");
    DetachKeys detach = DetachKeys.parse(call.query("detachKeys"));
    boolean stdin = call.flag("stdin");
    boolean stdout = call.flag("stdout");
    boolean stderr = call.flag("stderr");
    boolean stream = call.flag("stream");
    ContainerDetails container = containers.inspect(id, false);
    boolean tty = container.config().tty();
    // The attachment stands before the client hears of it: clients start the container only then.
    try (Attachment process = stream ? containers.attach(id) : null) {
      Instant attached = Instant.now();
      try (Hijack hijack = new Hijack(call, tty)) {
        if (call.flag("logs")) {
          replay(hijack, id, new LogQuery(stdout, stderr, -1, null, attached, false));
        }
        if (process != null) {
          boolean input = stdin && container.config().openStdin();
          hijack.converse(process, input, stdout, stderr, tty ? detach : null);
        }
      }
    }
  }

  private void replay(Hijack hijack, String id, LogQuery query) throws IOException {
    try (LogReader reader = containers.logs(id, query)) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        hijack.write(line.channel(), line.bytes());
      }
    }
  }

  private void logs(Call call) throws IOException {
    boolean stdout = call.flag("stdout");
    boolean stderr = call.flag("stderr");
    if (!stdout && !stderr) {
      throw new Fault.Invalid("Bad parameters: you must choose at least one stream");
    }
    String id = call.name("id");
    boolean follow = call.flag("follow");
    LogQuery query =
        new LogQuery(
            stdout,
            stderr,
            tail(call.query("tail")),
            Times.parse(call.query("since")),
            Times.parse(call.query("until")),
            follow);
    boolean tty = containers.inspect(id, false).config().tty();
    try (LogReader reader = containers.logs(id, query)) {
      boolean named = !call.version().before(1, 42);
      call.response()
          .header(
              "Content-Type",
              "application/vnd.docker." + (named && !tty ? "multiplexed" : "raw") + "-stream");
      OutputStream out = call.response().stream();
      call.untilGone(reader);
      write(reader, new LogOutput(out, tty, call.flag("timestamps"), follow));
      out.close();
    }
  }

  private static void write(LogReader reader, LogOutput out) throws IOException {
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      out.write(line);
    }
  }

  /// Everything, but for a whole number.
  private static int tail(@Nullable String text) {
    try {
      return text == null ? -1 : Math.max(-1, Integer.parseInt(text));
    } catch (NumberFormatException _) { // `all`, and what Docker takes for it.
      return -1;
    }
  }

  static byte[] stamp(Instant time) {
    return STAMP.format(time).getBytes(StandardCharsets.US_ASCII);
  }

  static int channelNumber(Channel channel) {
    return switch (channel) {
      case STDOUT -> io.djong.api.FrameWriter.STDOUT;
      case STDERR -> io.djong.api.FrameWriter.STDERR;
    };
  }
}
