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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.stream.Collectors;
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
    table.add("POST", "/containers/{id}/attach", call -> attach(call, Hijack::new, false));
    table.add("GET", "/containers/{id}/attach/ws", this::attachByWebSocket);
    table.add("GET", "/containers/{id}/logs", this::logs);
  }

  private void attachByWebSocket(Call call) throws IOException {
    // Before 1.42 the parameters were not looked at.
    attach(call, Hijack::webSocket, call.version().before(1, 42));
  }

  /// Takes a connection over.
  @FunctionalInterface
  private interface Takeover {
    Hijack take(Call call, boolean tty) throws IOException;
  }

  /// @param all whether all streams are meant, whatever the parameters say
  private void attach(Call call, Takeover takeover, boolean all) throws IOException {
    String id = call.name("id");
    DetachKeys detach = DetachKeys.parse(call.query("detachKeys"));
    boolean stdin = all || call.flag("stdin");
    boolean stdout = all || call.flag("stdout");
    boolean stderr = all || call.flag("stderr");
    boolean stream = call.flag("stream");
    ContainerDetails container = containers.inspect(id, false);
    if (container.state().word().equals("paused")) {
      throw new Fault.Conflict(
          "container " + id + " is paused, unpause the container before attach");
    }
    boolean tty = container.config().tty();
    // The attachment stands before the client hears of it: clients start the container only then.
    try (Attachment process = stream ? containers.attach(id) : null) {
      Instant attached = Instant.now();
      try (Hijack hijack = takeover.take(call, tty)) {
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
      byte[] details = call.flag("details") ? details(containers.logAttributes(id)) : null;
      write(reader, new LogOutput(out, tty, call.flag("timestamps"), details, follow));
      out.close();
    }
  }

  private static void write(LogReader reader, LogOutput out) throws IOException {
    for (LogLine line = reader.next(); line != null; line = reader.next()) {
      out.write(line);
    }
  }

  /// `NAME=VALUE,NAME=VALUE ` as a query would have them.
  private static byte[] details(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(entry -> escaped(entry.getKey()) + "=" + escaped(entry.getValue()))
        .collect(Collectors.joining(",", "", " "))
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Go leaves other characters alone than Java does.
  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
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
