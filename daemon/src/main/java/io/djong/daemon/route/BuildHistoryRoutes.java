package io.djong.daemon.route;

import io.djong.api.BuildStep;
import io.djong.api.PastBuild;
import io.djong.build.Builder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

/// The last builds, under a path that Docker does not use.
final class BuildHistoryRoutes {
  private final Builder builder;

  BuildHistoryRoutes(Builder builder) {
    this.builder = builder;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/djong/builds", this::list);
    table.add("GET", "/djong/builds/{id}", this::inspect);
    table.add("GET", "/djong/builds/{id}/logs", this::logs);
  }

  private void list(Call call) throws IOException {
    call.answer(builder.history().list().stream().map(build -> told(build, List.of())).toList());
  }

  private void inspect(Call call) throws IOException {
    io.djong.build.BuildHistory.PastBuild build = builder.history().find(call.name("id"));
    call.answer(told(build, build.steps().stream().map(ClassicBuildStream::step).toList()));
  }

  private static PastBuild told(
      io.djong.build.BuildHistory.PastBuild build, List<BuildStep> steps) {
    Instant ended = build.ended();
    return new PastBuild(
        build.id(),
        build.names(),
        build.dockerfile(),
        build.target(),
        build.began().toString(),
        ended == null ? null : ended.toString(),
        build.state(),
        build.image(),
        build.error(),
        steps);
  }

  private void logs(Call call) throws IOException {
    try (InputStream log = builder.history().log(call.name("id"));
        OutputStream out =
            call.response().status(200).header("Content-Type", "text/plain").stream()) {
      log.transferTo(out);
    }
  }
}
