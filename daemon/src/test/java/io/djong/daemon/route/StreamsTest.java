package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.api.EventMessage;
import io.djong.api.ExecCreate;
import io.djong.api.FrameReader;
import io.djong.api.JsonLines;
import io.djong.api.LogOptions;
import io.djong.api.PathStat;
import io.djong.api.StreamMessage;
import io.djong.api.StreamOptions;
import io.djong.engine.Events.Event;
import io.djong.http.HttpClient;
import io.djong.http.RawStream;
import io.djong.model.Fault;
import io.djong.runtime.ContainerProcess.Channel;
import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StreamsTest {
  private ServedRoutes served;
  private final FakeProcess process = new FakeProcess();

  @BeforeEach
  void serve() throws IOException {
    served = new ServedRoutes();
    served.engine.containers.process = process;
    served.engine.execs.process = process;
  }

  @AfterEach
  void stop() throws IOException {
    served.close();
  }

  private record Outputs(String stdout, String stderr) {
    static Outputs of(InputStream framed) throws IOException {
      ByteArrayOutputStream stdout = new ByteArrayOutputStream();
      ByteArrayOutputStream stderr = new ByteArrayOutputStream();
      new FrameReader(framed).copy(stdout, stderr);
      return new Outputs(stdout.toString(UTF_8), stderr.toString(UTF_8));
    }
  }

  private static StreamOptions all(boolean logs) {
    return new StreamOptions(true, true, true, true, logs, null);
  }

  @Test
  void anAttachmentCarriesBothOutputsApartAndInputUntilItsEnd() throws Exception {
    try (RawStream stream = served.client.attach("argo", all(false))) {
      stream.output().write("ahoy".getBytes(UTF_8));
      stream.output().flush();
      stream.shutdownOutput();
      assertThat(process.stdinEnded.await(10, TimeUnit.SECONDS)).isTrue();
      process.says(Channel.STDOUT, "out");
      process.says(Channel.STDERR, "err");
      process.ends();

      assertThat(Outputs.of(stream.input())).isEqualTo(new Outputs("out", "err"));
    }
    assertThat(process.stdin.toString(UTF_8)).isEqualTo("ahoy");
  }

  @Test
  void aTerminalsStreamIsRawAndTheDetachKeysLeaveIt() throws Exception {
    served.engine.containers.config =
        FakeEngine.config("{\"Image\":\"busybox\",\"Tty\":true,\"OpenStdin\":true}");
    try (RawStream stream = served.client.attach("argo", all(false))) {
      process.says(Channel.STDOUT, "$ ");
      assertThat(stream.input().readNBytes(2)).isEqualTo("$ ".getBytes(UTF_8));
      stream.output().write(new byte[] {'l', 's', 16, 'x', 16, 17});
      stream.output().flush();

      assertThat(stream.input().read()).isEqualTo(-1);
    }
    assertThat(process.left.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.stdin.toByteArray()).isEqualTo(new byte[] {'l', 's', 16, 'x'});
  }

  @Test
  void anAttachmentReplaysTheLogFirstIfAsked() throws Exception {
    served.engine.containers.log.add(line("2026-11-22T08:00:00Z", Channel.STDOUT, "past\n"));
    try (RawStream stream = served.client.attach("argo", all(true))) {
      process.says(Channel.STDOUT, "present\n");
      process.ends();

      assertThat(Outputs.of(stream.input()).stdout()).isEqualTo("past\npresent\n");
    }
  }

  @Test
  void aClientThatVanishedLeavesTheProcessAtItsNextOutput() throws Exception {
    served.client.attach("argo", all(false)).close();
    assertThat(process.stdinEnded.await(10, TimeUnit.SECONDS)).isTrue();
    process.says(Channel.STDOUT, "is anybody there?");

    assertThat(process.left.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void attachingToNoContainerIsAnOrdinaryRefusal() {
    assertThatThrownBy(() -> served.client.attach("nosuch", all(false)))
        .hasMessage("No such container: nosuch");
  }

  @Test
  void anExecRunsLikeAnAttachment() throws Exception {
    String id =
        served.client.createExec(
            "argo",
            new ExecCreate(
                null, false, false, null, true, true, true, null, null, null, List.of("cat")));
    try (RawStream stream = served.client.startExec(id, false, null)) {
      stream.output().write("cargo".getBytes(UTF_8));
      stream.shutdownOutput();
      assertThat(process.stdinEnded.await(10, TimeUnit.SECONDS)).isTrue();
      process.says(Channel.STDOUT, "cargo");
      process.ends();

      assertThat(Outputs.of(stream.input()).stdout()).isEqualTo("cargo");
    }
    assertThat(served.client.exec(id).exitCode()).isEqualTo(7);
  }

  @Test
  void anExecThatCannotRunSaysSoInTheStream() throws Exception {
    served.engine.execs.refusal = new Fault.Failed("executable file not found");
    String id =
        served.client.createExec(
            "argo",
            new ExecCreate(
                null, false, false, null, false, true, true, null, null, null, List.of("x")));
    try (RawStream stream = served.client.startExec(id, false, null)) {
      assertThat(Outputs.of(stream.input()).stdout()).isEqualTo("executable file not found\r\n");
    }
  }

  private static LogLine line(String time, Channel channel, String text) {
    return new LogLine(Instant.parse(time), channel, text.getBytes(UTF_8));
  }

  private HttpClient.Exchange logs(
      boolean follow, boolean timestamps, @Nullable String since, @Nullable String tail)
      throws IOException {
    return served.client.logs(
        "argo", new LogOptions(true, true, follow, timestamps, since, null, tail));
  }

  @Test
  void aLogComesInFramesWithTimesIfAsked() throws Exception {
    served.engine.containers.log.add(line("2026-11-22T08:00:00Z", Channel.STDOUT, "long "));
    served.engine.containers.log.add(line("2026-11-22T08:00:00Z", Channel.STDOUT, "line\n"));
    served.engine.containers.log.add(line("2026-11-22T08:00:01.5Z", Channel.STDERR, "err\n"));

    try (HttpClient.Exchange exchange = logs(false, false, "1795334400.25", "7")) {
      assertThat(exchange.header("Content-Type"))
          .isEqualTo("application/vnd.docker.multiplexed-stream");
      assertThat(Outputs.of(exchange.body())).isEqualTo(new Outputs("long line\n", "err\n"));
    }
    LogQuery query = Objects.requireNonNull(served.engine.containers.query);
    assertThat(query.tail()).isEqualTo(7);
    assertThat(query.since()).isEqualTo(Instant.ofEpochSecond(1_795_334_400L, 250_000_000));
    try (HttpClient.Exchange exchange = logs(false, true, null, "all")) {
      assertThat(Outputs.of(exchange.body()))
          .isEqualTo(
              new Outputs(
                  "2026-11-22T08:00:00.000000000Z long line\n",
                  "2026-11-22T08:00:01.500000000Z err\n"));
    }
  }

  @Test
  void aFollowedLogIsLetGoWhenTheClientLeaves() throws Exception {
    served.engine.containers.log.add(line("2026-11-22T08:00:00Z", Channel.STDOUT, "now\n"));
    HttpClient.Exchange exchange = logs(true, false, null, null);
    assertThat(exchange.body().readNBytes(12)).endsWith("now\n".getBytes(UTF_8));
    assertThat(served.engine.containers.waitEnded.getCount()).isEqualTo(1);
    exchange.close();

    assertThat(served.engine.containers.waitEnded.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLogOfNeitherStreamIsRefused() throws IOException {
    assertThat(served.ask("GET", "/containers/argo/logs"))
        .isEqualTo(RoutesTest.error(400, "Bad parameters: you must choose at least one stream"));
  }

  @Test
  void aWaitIsRegisteredWhenItsHeadersAreThere() throws Exception {
    try (var wait = served.client.wait("argo", "next-exit")) {
      served.engine.containers.exit.complete(new ExitStatus(3, false, Instant.EPOCH));

      assertThat(wait.await()).isEqualTo(3);
    }
    assertThat(served.ask("POST", "/containers/argo/wait?condition=removed").body())
        .isEqualTo("{\"StatusCode\":3}");
    assertThat(served.ask("POST", "/containers/argo/wait?condition=x"))
        .isEqualTo(RoutesTest.error(400, "invalid condition: \"x\""));
  }

  @Test
  void aWaitEndsWhenTheClientLeaves() throws Exception {
    served.client.wait("argo", "next-exit").close();

    assertThat(served.engine.containers.waitEnded.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void eventsComeOneALineWithTheOldFieldsToo() throws Exception {
    Instant time = Instant.ofEpochSecond(1_795_334_400L, 123_456_789);
    served.engine.events.publish(
        new Event("container", "start", "c", Map.of("image", "busybox"), time));
    served.engine.events.publish(new Event("network", "connect", "n", Map.of(), time));
    served.engine.events.end();
    List<EventMessage> messages = new ArrayList<>();
    try (JsonLines<EventMessage> lines = served.client.events("1795334400.5", null, Map.of())) {
      for (EventMessage each = lines.next(); each != null; each = lines.next()) {
        messages.add(each);
      }
    }

    assertThat(messages).hasSize(2);
    assertThat(messages.getFirst())
        .isEqualTo(
            new EventMessage(
                "start",
                "c",
                "busybox",
                "container",
                "start",
                new EventMessage.Actor("c", Map.of("image", "busybox")),
                "local",
                1_795_334_400L,
                1_795_334_400_123_456_789L));
    assertThat(messages.getLast().status()).isNull();
    assertThat(served.engine.events.since)
        .isEqualTo(Instant.ofEpochSecond(1_795_334_400L, 500_000_000));
  }

  @Test
  void eventsEndWhenTheClientLeaves() throws Exception {
    served.client.events(null, null, Map.of()).close();

    assertThat(served.engine.events.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static List<StreamMessage> messages(JsonLines<StreamMessage> lines) throws IOException {
    List<StreamMessage> messages = new ArrayList<>();
    try (lines) {
      for (StreamMessage each = lines.next(); each != null; each = lines.next()) {
        messages.add(each);
      }
    }
    return messages;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void loadingTellsItsProgressAndItsEnd() throws IOException {
    assertThat(messages(served.client.load(bytes("archive"), false)))
        .containsExactly(
            StreamMessage.progress("layer", "Loading layer", 5, 10),
            StreamMessage.stream("Loaded image: busybox:latest\n"));
    assertThat(messages(served.client.load(bytes("archive"), true)))
        .containsExactly(StreamMessage.stream("Loaded image: busybox:latest\n"));
  }

  @Test
  void loadingThatFailsLateSaysSoInTheStreamAndEarlyByItsStatus() throws IOException {
    assertThat(messages(served.client.load(bytes("torn"), false)).getLast())
        .isEqualTo(StreamMessage.error("invalid archive: it ends too early"));
    assertThatThrownBy(() -> served.client.load(bytes(""), false))
        .hasMessage("invalid archive: it is empty");
  }

  @Test
  void importingTellsTheId() throws IOException {
    assertThat(
            messages(
                served.client.importTree(
                    bytes("tar"), "r", "t", "m", List.of("CMD a", "ENV b=c"), null)))
        .containsExactly(StreamMessage.status(null, FakeEngine.IMAGE.toString()));
    assertThat(served.engine.images.asked).containsExactly("import r t m [CMD a, ENV b=c]");
  }

  @Test
  void filesGoOutAndInWithTheirStatus() throws IOException {
    PathStat stat = new PathStat("etc", 4096, (1L << 31) | 0755, "2026-11-22T08:00:00Z", "");

    assertThat(served.client.statPath("argo", "/etc")).isEqualTo(stat);
    try (HttpClient.Exchange exchange = served.client.copyOut("argo", "/etc")) {
      assertThat(io.djong.api.EngineClient.stat(exchange)).isEqualTo(stat);
      assertThat(exchange.body().readAllBytes()).isEqualTo("cargo".getBytes(UTF_8));
    }
    served.client.copyIn("argo", "/", bytes("tar"), true, false);
    assertThat(served.engine.containers.received).isEqualTo("tar".getBytes(UTF_8));
    assertThatThrownBy(() -> served.client.copyOut("argo", "/nosuch").close())
        .hasMessage("Could not find the file /nosuch in container argo");
  }

  @Test
  void anExportThatBreaksDoesNotLookWhole() throws IOException {
    try (HttpClient.Exchange whole = served.client.export("argo")) {
      assertThat(whole.body().readAllBytes()).isEqualTo("cargo".getBytes(UTF_8));
    }
    served.engine.containers.failure = new IOException("the disk broke");
    try (HttpClient.Exchange torn = served.client.export("argo")) {
      assertThatThrownBy(() -> torn.body().readAllBytes()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void imagesAreSavedByTheirNames() throws IOException {
    try (HttpClient.Exchange exchange = served.client.save(List.of("busybox", "busybox:1"))) {
      assertThat(exchange.body().readAllBytes()).isEqualTo("busybox,busybox:1".getBytes(UTF_8));
    }
    assertThatThrownBy(() -> served.client.save(List.of("nosuch")).close())
        .hasMessage("No such image: nosuch:latest");
  }
}
