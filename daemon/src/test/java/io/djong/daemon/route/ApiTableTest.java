package io.djong.daemon.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
}
