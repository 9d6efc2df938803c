package io.djong.daemon.route;

import io.djong.api.PathStat;
import io.djong.engine.Containers;
import io.djong.model.Fault;
import java.io.IOException;
import java.io.OutputStream;

/// The files of containers: copied in and out, exported whole.
final class FileRoutes {
  private final Containers containers;

  FileRoutes(Containers containers) {
    this.containers = containers;
  }

  void addTo(RouteTable table) {
    table.add("HEAD", "/containers/{id}/archive", this::stat);
    table.add("GET", "/containers/{id}/archive", this::copyOut);
    table.add("PUT", "/containers/{id}/archive", this::copyIn);
    table.add("GET", "/containers/{id}/export", this::export);
  }

  private void stat(Call call) throws IOException {
    Containers.PathStat stat = containers.statPath(call.name("id"), path(call));
    call.response().header(PathStat.HEADER, header(stat));
    call.empty(200);
  }

  private void copyOut(Call call) throws IOException {
    LazyStream tar = new LazyStream(call.response(), "application/x-tar");
    containers.copyOut(
        call.name("id"),
        path(call),
        stat -> {
          call.response().header(PathStat.HEADER, header(stat));
          return tar;
        });
    tar.end();
  }

  private void copyIn(Call call) throws IOException {
    containers.copyIn(
        call.name("id"),
        path(call),
        call.request().body(),
        call.flag("noOverwriteDirNonDir"),
        call.flag("copyUIDGID"));
    call.empty(200);
  }

  private void export(Call call) throws IOException {
    LazyStream tar = new LazyStream(call.response(), "application/octet-stream");
    containers.export(call.name("id"), (OutputStream) tar);
    tar.end();
  }

  private static String path(Call call) {
    String path = call.query("path");
    if (path == null) {
      throw new Fault.Invalid("bad parameter: path cannot be empty");
    }
    return path;
  }

  private static String header(Containers.PathStat stat) {
    return new PathStat(stat.name(), stat.size(), stat.mode(), stat.mtime(), stat.linkTarget())
        .encode();
  }
}
