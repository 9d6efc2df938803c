package io.djong.loops;

import io.djong.model.ignore.IgnoreRules;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// 10,000 paths against an ignore file as projects have it.
@State(Scope.Benchmark)
public class Matching {
  private final IgnoreRules rules =
      IgnoreRules.parse(
          """
          # what a build makes
          **/target
          **/node_modules
          *.log
          .git
          docs/**/*.md
          !docs/README.md
          """
              .getBytes(StandardCharsets.UTF_8));
  private final String[] paths = new String[10_000];

  public Matching() {
    String[] shapes = {
      "src/main/java/P%d.java", "docs/a/b%d.md", "web/node_modules/m%d/x.js", "%d.log"
    };
    for (int i = 0; i < paths.length; i++) {
      paths[i] = shapes[i % shapes.length].formatted(i);
    }
  }

  @Benchmark
  public int tenThousandPaths() {
    int ignored = 0;
    for (String path : paths) {
      ignored += rules.ignores(path) ? 1 : 0;
    }
    return ignored;
  }
}
