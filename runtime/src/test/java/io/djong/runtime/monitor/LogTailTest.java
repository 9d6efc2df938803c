package io.djong.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.runtime.ContainerProcess.LogLine;
import io.djong.runtime.ContainerProcess.LogQuery;
import io.djong.runtime.Stdio.LogLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  private static final String TIME = "2026-11-22T08:16:05.123456789+01:00 ";

  @TempDir Path folder;

  private List<LogLine> read(int tail) throws IOException {
    LogFiles log = new LogFiles(folder.resolve("log"), LogLimits.DEFAULT, null);
    LogQuery query = new LogQuery(true, true, tail, null, null, false);
    List<LogLine> lines = new ArrayList<>();
    try (RotatedLogReader reader = new RotatedLogReader(log, query, () -> true)) {
      for (LogLine line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private String tail(int tail) throws IOException {
    StringBuilder text = new StringBuilder();
    read(tail).forEach(l -> text.append(new String(l.bytes(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Test
  void theTailGoesOnInOlderFilesAndKeepsPiecesOfALineTogether() throws IOException {
    Files.writeString(
        folder.resolve("log.1"),
        TIME + "stdout F one\n" + TIME + "stdout P tw\n" + TIME + "stdout F o\n");
    Files.writeString(folder.resolve("log"), TIME + "stdout F three\n" + TIME + "stdout P fou\n");
    assertThat(tail(1)).isEqualTo("fou");
    assertThat(tail(2)).isEqualTo("three\nfou");
    assertThat(tail(3)).isEqualTo("two\nthree\nfou");
    assertThat(tail(9)).isEqualTo("one\ntwo\nthree\nfou");
    assertThat(tail(-1)).isEqualTo("one\ntwo\nthree\nfou");
    assertThat(tail(0)).isEmpty();
  }

  @Test
  void aRecordThatAFullDiskCutOffIsPassedOver() throws IOException {
    Files.writeString(
        folder.resolve("log"), TIME + "stdout F one\n2026-11-\n" + TIME + "stderr F two\n" + TIME);
    assertThat(tail(-1)).isEqualTo("one\ntwo\n");
    assertThat(read(-1).getFirst().time())
        .isEqualTo(Instant.parse("2026-11-22T07:16:05.123456789Z"));
  }

  @Test
  void linesLongerThanABlockAreFoundFromTheEnd() throws IOException {
    String longLine = "x".repeat(200_000);
    Files.writeString(
        folder.resolve("log"),
        TIME + "stdout F one\n" + TIME + "stdout F " + longLine + "\n" + TIME + "stdout F end\n");
    assertThat(tail(2)).isEqualTo(longLine + "\nend\n");
  }

  @Test
  void aLogThatIsNotThereIsEmpty() throws IOException {
    assertThat(tail(-1)).isEmpty();
    assertThat(tail(5)).isEmpty();
  }
}
