package io.djong.daemon.route;

import io.djong.api.IdAnswer;
import io.djong.api.StreamMessage;
import io.djong.engine.Images;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RunConfig;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How images come and go: loaded, imported, committed, saved.
final class ImageTransferRoutes {
  private final Images images;
  private final RegistryRoutes registries;

  ImageTransferRoutes(Images images, RegistryRoutes registries) {
    this.images = images;
    this.registries = registries;
  }

  void addTo(RouteTable table) {
    table.add("POST", "/images/load", this::load);
    table.add("GET", "/images/get", call -> save(call, names(call)));
    table.add("GET", "/images/{name:.*}/get", call -> save(call, List.of(call.name("name"))));
    table.add("POST", "/images/create", this::create);
    table.add("POST", "/commit", this::commit);
  }

  private void load(Call call) throws IOException, InterruptedException {
    ProgressStream progress = new ProgressStream(call.response(), call.flag("quiet"));
    progress.tell(() -> images.load(call.request().body(), progress));
  }

  private static List<String> names(Call call) {
    List<String> names = call.queryAll("names");
    if (names.isEmpty()) {
      throw new Fault.Invalid("no image is named: want names=… at least once");
    }
    return names;
  }

  private void save(Call call, List<String> names) throws IOException {
    LazyStream archive = new LazyStream(call.response(), "application/x-tar");
    images.save(names, archive);
    archive.end();
  }

  private void create(Call call) throws IOException, InterruptedException {
    String image = call.query("fromImage");
    if (image != null) {
      registries.pull(call, image);
      return;
    }
    String source = call.query("fromSrc");
    if (source == null) {
      throw new Fault.Invalid("want fromSrc=- and a tar as the body, or fromImage=NAME");
    }
    if (!source.equals("-")) {
      throw new Fault.Unsupported(
          "importing from a URL is not there yet in djong 0.1: fetch "
              + source
              + " and import it from a file");
    }
    ProgressStream progress = new ProgressStream(call.response(), false);
    progress.tell(
        () -> {
          Digest id =
              images.importTree(
                  call.request().body(),
                  call.query("repo"),
                  call.query("tag"),
                  call.query("message"),
                  call.queryAll("changes"),
                  call.query("platform"));
          progress.send(StreamMessage.status(null, id.toString()));
        });
  }

  private void commit(Call call) throws IOException {
    String container = call.query("container");
    if (container == null) {
      throw new Fault.Invalid("invalid name or ID supplied: \"\"");
    }
    Digest id =
        images.commit(
            container,
            call.query("repo"),
            call.query("tag"),
            call.query("comment"),
            call.query("author"),
            call.flag("pause", true),
            call.queryAll("changes"),
            config(call.json()));
    call.answer(201, new IdAnswer(id.toString()));
  }

  /// Clients without wishes send null, or an object without properties, or nothing.
  private static @Nullable RunConfig config(byte[] body) {
    if (body.length == 0 || new String(body, StandardCharsets.UTF_8).strip().equals("null")) {
      return null;
    }
    boolean empty = Json.full().readTree(body) instanceof Map<?, ?> map && map.isEmpty();
    return empty ? null : Json.full().read(RunConfig.class, body);
  }
}
