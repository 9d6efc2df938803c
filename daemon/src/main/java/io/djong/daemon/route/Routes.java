package io.djong.daemon.route;

import io.djong.api.ApiVersion;
import io.djong.build.Builder;
import io.djong.engine.Engine;
import io.djong.http.HttpHandler;
import io.djong.http.HttpRequest;
import io.djong.http.HttpResponse;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Serves the Docker Engine API, versions 1.24 to 1.51, over an engine. A path may begin with the
/// version (`/v1.47/…`); one without means the newest. Safe for use by several threads.
public final class Routes implements HttpHandler {
  private final RouteTable table = new RouteTable();

  private final String server;

  public Routes(Engine engine, Builder builder, Product product) {
    this.server = product.name() + "/" + product.version() + " (linux)";
    ContainerAnswers containers = new ContainerAnswers(engine.images());
    ImageAnswers images = new ImageAnswers();
    new SystemRoutes(engine, builder, product, containers, images).addTo(table);
    new ContainerRoutes(engine.containers(), containers).addTo(table);
    new LifeRoutes(engine.containers()).addTo(table);
    new LimitRoutes(engine.containers()).addTo(table);
    new StreamRoutes(engine.containers()).addTo(table);
    new FileRoutes(engine.containers()).addTo(table);
    new ExecRoutes(engine.execs()).addTo(table);
    new ImageRoutes(engine.images(), images).addTo(table);
    RegistryRoutes registries = new RegistryRoutes(engine.registries());
    registries.addTo(table);
    new ImageTransferRoutes(engine.images(), registries).addTo(table);
    new BuildRoutes(builder).addTo(table);
    new BuildCacheRoutes(builder).addTo(table);
    new BuildHistoryRoutes(builder).addTo(table);
    new NetworkRoutes(engine.networks(), engine.containers()).addTo(table);
    new VolumeRoutes(engine.volumes()).addTo(table);
    new EventRoutes(engine.events()).addTo(table);
    new OwnRoutes(engine.imageTools(), engine.containers()).addTo(table);
    new VolumeToolRoutes(engine.volumeTools()).addTo(table);
    new AbsentRoutes().addTo(table);
  }

  /// Methods and patterns of all routes.
  List<String> patterns() {
    return table.patterns();
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response)
      throws IOException, InterruptedException {
    try {
      route(request, response);
    } catch (Fault fault) {
      if (response.committed()) {
        throw new IOException(fault); // The connection's end is all that can still be told.
      }
      Failures.answer(response, fault);
    } catch (IOException e) {
      if (response.committed()) {
        throw e;
      }
      Failures.answer(response, request.method() + " " + request.path(), e);
    } catch (RuntimeException e) {
      Failures.answerBug(response, request.method() + " " + request.path(), e);
    }
  }

  private void route(HttpRequest request, HttpResponse response)
      throws IOException, InterruptedException {
    // A browser sends it along whatever page asks: none has business with an engine.
    if (request.header("Origin") != null) {
      throw new Fault.Denied("requests from web pages (with an Origin header) are not served");
    }
    String path = request.path();
    ApiVersion version = ApiVersion.NEWEST;
    if (path.startsWith("/v") && path.length() > 2 && Character.isDigit(path.charAt(2))) {
      int slash = path.indexOf('/', 1);
      String text = path.substring(2, slash < 0 ? path.length() : slash);
      version = ApiVersion.parse(text.indexOf('.') < 0 ? text + ".0" : text);
      version.requireSpoken();
      path = slash < 0 ? "/" : path.substring(slash);
    }
    response.header("Api-Version", ApiVersion.NEWEST.toString());
    response.header("Docker-Experimental", "false");
    response.header("Ostype", "linux");
    response.header("Server", server);
    RouteTable.Found found = table.find(request.method(), path);
    if (found == null) {
      Failures.send(response, 404, "page not found");
      return;
    }
    Map<String, String> names = found.names();
    found.action().answer(new Call(request, response, names, version));
  }
}
