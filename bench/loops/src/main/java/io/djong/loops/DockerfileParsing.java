package io.djong.loops;

import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.DockerfileText;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A Dockerfile of fifty stages.
@State(Scope.Benchmark)
public class DockerfileParsing {
  private static final String STAGE =
      """
      FROM debian:12 AS s%d
      ARG VERSION=1.2.3
      ENV HOME=/srv/$VERSION PATH=/opt/bin:$PATH
      RUN --mount=type=cache,target=/var/cache/apt \\
          apt-get update && \\
          apt-get install -y --no-install-recommends curl
      COPY --chown=1:1 --chmod=755 <<EOF /entry
      #!/bin/sh
      exec "$@"
      EOF
      WORKDIR /srv
      ENTRYPOINT ["/entry"]
      CMD ["curl", "--version"]

      """;

  private final byte[] bytes;

  public DockerfileParsing() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      text.append(STAGE.formatted(i));
    }
    bytes = text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public Dockerfile fiftyStages() {
    return Dockerfile.parse(DockerfileText.of("Dockerfile", bytes));
  }
}
