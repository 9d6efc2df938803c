package io.djong.daemon.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.api.ExecCreate;
import io.djong.api.ExecStart;
import io.djong.model.container.ContainerConfig;
import io.djong.model.container.HostConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Keeps `docs/api.md` and the daemon's routes the same.
final class ApiTableTest {
  private static final List<String> GROUPS =
      List.of("/containers", "/exec", "/events", "/_ping", "/networks", "/volumes");

  private ServedRoutes served;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String method, String path, String parameters, String verdict) {}

  @BeforeEach
  void read() throws IOException {
    served = new ServedRoutes();
    for (String line : Files.readAllLines(Path.of("../docs/api.md"))) {
      String[] cells = line.split("\\|", -1);
      String operation = cells.length == 5 ? cells[1].strip().replace("`", "") : "";
      int blank = operation.indexOf(" /");
      if (blank > 0) {
        rows.add(
            new Row(
                operation.substring(0, blank),
                operation.substring(blank + 1),
                cells[2].strip(),
                cells[3].strip()));
      }
    }
  }

  @AfterEach
  void stop() throws IOException {
    served.close();
  }

  @Test
  void noCellIsBlank() {
    assertThat(rows).hasSizeGreaterThan(35);
    assertThat(rows)
        .allMatch(
            row ->
                !row.parameters().isEmpty()
                    && List.of("works", "differs", "refused").stream()
                        .anyMatch(row.verdict()::startsWith));
  }

  @Test
  void everyOperationHasARouteAndEveryRouteOfTheseGroupsItsRow() {
    Set<String> documented = new TreeSet<>();
    rows.forEach(row -> documented.add(row.method() + " " + row.path()));
    Set<String> routed = new TreeSet<>(served.routes().patterns());

    assertThat(routed).containsAll(documented);
    routed.removeIf(
        route -> GROUPS.stream().noneMatch(route.substring(route.indexOf(' ') + 1)::startsWith));
    assertThat(documented).containsAll(routed);
  }

  @Test
  void whatIsSaidToBeRefusedIsRefused() throws IOException {
    for (Row row : rows) {
      if (row.verdict().startsWith("refused: 501")) {
        String path = row.path().replace("{id}", "argo").replace("{name}", "x");
        assertThat(served.ask(row.method(), path).status()).as(row.toString()).isEqualTo(501);
      }
    }
  }

  /// The query parameters of the Engine API 1.51, by operation.
  private static final Map<String, List<String>> PARAMETERS =
      Map.ofEntries(
          Map.entry("GET /containers/json", List.of("all", "limit", "size", "filters")),
          Map.entry("POST /containers/create", List.of("name", "platform")),
          Map.entry("GET /containers/{id}/json", List.of("size")),
          Map.entry("GET /containers/{id}/top", List.of("ps_args")),
          Map.entry(
              "GET /containers/{id}/logs",
              List.of(
                  "follow", "stdout", "stderr", "since", "until", "timestamps", "tail", "details")),
          Map.entry("GET /containers/{id}/stats", List.of("stream", "one-shot")),
          Map.entry("POST /containers/{id}/resize", List.of("h", "w")),
          Map.entry(
              "POST /containers/{id}/start", List.of("detachKeys", "checkpoint", "checkpoint-dir")),
          Map.entry("POST /containers/{id}/stop", List.of("signal", "t")),
          Map.entry("POST /containers/{id}/restart", List.of("signal", "t")),
          Map.entry("POST /containers/{id}/kill", List.of("signal")),
          Map.entry("POST /containers/{id}/rename", List.of("name")),
          Map.entry(
              "POST /containers/{id}/attach",
              List.of("detachKeys", "logs", "stream", "stdin", "stdout", "stderr")),
          Map.entry(
              "GET /containers/{id}/attach/ws",
              List.of("detachKeys", "logs", "stream", "stdin", "stdout", "stderr")),
          Map.entry("POST /containers/{id}/wait", List.of("condition")),
          Map.entry("DELETE /containers/{id}", List.of("v", "force", "link")),
          Map.entry("HEAD /containers/{id}/archive", List.of("path")),
          Map.entry("GET /containers/{id}/archive", List.of("path")),
          Map.entry(
              "PUT /containers/{id}/archive",
              List.of("path", "noOverwriteDirNonDir", "copyUIDGID")),
          Map.entry("POST /containers/prune", List.of("filters")),
          Map.entry("POST /exec/{id}/resize", List.of("h", "w")),
          Map.entry("GET /events", List.of("since", "until", "filters")),
          Map.entry("GET /system/df", List.of("type")));

  @Test
  void everyParameterOfTheApiHasItsWordInTheRowOfItsOperation() {
    PARAMETERS.forEach(
        (operation, parameters) ->
            assertThat(rows)
                .filteredOn(row -> (row.method() + " " + row.path()).equals(operation))
                .singleElement()
                .satisfies(
                    row ->
                        assertThat(row.parameters())
                            .contains(parameters.stream().map(name -> "`" + name + "`").toList())));
  }

  @Test
  void everyParameterThatTheRoutesReadIsNamed() throws IOException {
    Pattern read = Pattern.compile("call\\.(?:query|flag|number|queryAll)\\(\"([^\"]+)\"");
    String page = Files.readString(Path.of("../docs/api.md"));
    for (String room :
        List.of("Container", "Life", "Limit", "Stream", "File", "Exec", "Event", "System")) {
      Path source = Path.of("src/main/java/io/djong/daemon/route", room + "Routes.java");
      Matcher found = read.matcher(Files.readString(source));
      while (found.find()) {
        assertThat(page).as(source.toString()).contains("`" + found.group(1) + "`");
      }
    }
  }

  @Test
  void everyPropertyOfAContainerAndAnExecIsNamed() throws IOException {
    String page = Files.readString(Path.of("../docs/api.md")).toLowerCase(Locale.ROOT);
    for (Class<?> record :
        List.of(HostConfig.class, ContainerConfig.class, ExecCreate.class, ExecStart.class)) {
      for (RecordComponent property : record.getRecordComponents()) {
        String name = property.getName().toLowerCase(Locale.ROOT);
        assertThat(page)
            .as(record.getSimpleName() + "." + property.getName())
            .containsAnyOf("`" + name + "`", "`hostconfig." + name + "`");
      }
    }
  }
}
