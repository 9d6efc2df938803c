package io.djong.daemon.route;

import io.djong.engine.VolumeTools;
import io.djong.model.Fault;
import java.io.IOException;

/// What djong does with volumes beyond Docker, under a path that Docker does not use.
final class VolumeToolRoutes {
  private final VolumeTools tools;

  VolumeToolRoutes(VolumeTools tools) {
    this.tools = tools;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/djong/volumes/{name}/export", this::export);
    table.add("POST", "/djong/volumes/{name}/import", this::importTree);
    table.add("POST", "/djong/volumes/{name}/clone", this::copy);
    table.add("POST", "/djong/volumes/{name}/rename", this::rename);
  }

  private void export(Call call) throws IOException {
    LazyStream tar = new LazyStream(call.response(), "application/x-tar");
    tools.export(call.name("name"), tar);
    tar.end();
  }

  private void importTree(Call call) throws IOException {
    tools.importTree(call.name("name"), call.request().body());
    call.empty(204);
  }

  private void copy(Call call) throws IOException {
    call.answer(201, VolumeRoutes.answer(tools.copy(call.name("name"), newName(call)), null));
  }

  private void rename(Call call) throws IOException {
    call.answer(VolumeRoutes.answer(tools.rename(call.name("name"), newName(call)), null));
  }

  private static String newName(Call call) {
    String name = call.query("name");
    if (name == null) {
      throw new Fault.Invalid("bad parameter: name cannot be empty");
    }
    return name;
  }
}
