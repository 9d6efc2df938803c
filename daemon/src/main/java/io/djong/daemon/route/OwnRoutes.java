package io.djong.daemon.route;

import io.djong.api.IdAnswer;
import io.djong.api.ImageExploration;
import io.djong.api.ImageMount;
import io.djong.engine.ImageTools;
import io.djong.engine.ImageTools.Exploration;
import io.djong.engine.ImageTools.FoundFile;
import java.io.IOException;
import java.util.List;

/// What djong has beyond Docker, under a path that Docker does not use.
final class OwnRoutes {
  private final ImageTools tools;

  OwnRoutes(ImageTools tools) {
    this.tools = tools;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/djong/fsck", this::check);
    table.add("GET", "/djong/images/{name:.*}/explore", this::explore);
    table.add("POST", "/djong/images/{name:.*}/squash", this::squash);
    table.add("POST", "/djong/images/{name:.*}/mount", this::mount);
    table.add("POST", "/djong/images/{name:.*}/unmount", this::unmount);
  }

  private void check(Call call) throws IOException {
    call.answer(ProofAnswer.of(tools.check(call.flag("repair"))));
  }

  private void explore(Call call) throws IOException {
    Exploration found = tools.explore(call.name("name"));
    call.answer(
        new ImageExploration(
            found.id().toString(),
            found.size(),
            found.wasted(),
            found.layers().stream()
                .map(
                    layer ->
                        new ImageExploration.Layer(
                            layer.diffId().toString(),
                            layer.createdBy(),
                            layer.size(),
                            layer.files(),
                            layer.added(),
                            layer.changed(),
                            layer.removed(),
                            layer.wasted()))
                .toList(),
            files(found.wastes()),
            files(found.largest())));
  }

  private static List<ImageExploration.FoundFile> files(List<FoundFile> found) {
    return found.stream()
        .map(
            file ->
                new ImageExploration.FoundFile(
                    file.path(), file.size(), file.layer(), file.goneIn()))
        .toList();
  }

  private void squash(Call call) throws IOException {
    call.answer(
        201,
        new IdAnswer(
            tools.squash(call.name("name"), call.query("from"), call.query("tag")).toString()));
  }

  private void mount(Call call) throws IOException {
    call.answer(new ImageMount(tools.mount(call.name("name")).toString()));
  }

  private void unmount(Call call) throws IOException {
    tools.unmount(call.name("name"));
    call.empty(204);
  }
}
