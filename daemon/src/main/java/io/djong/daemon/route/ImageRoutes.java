package io.djong.daemon.route;

import io.djong.api.ImagesPruned;
import io.djong.engine.Filters;
import io.djong.engine.Images;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Images as things: listed, looked at, named, removed. How they come and go is in
/// [ImageTransferRoutes].
final class ImageRoutes {
  private static final Set<String> LIST_FILTERS =
      Set.of("before", "dangling", "label", "label!", "reference", "since", "until");

  private final Images images;
  private final ImageAnswers answers;

  ImageRoutes(Images images, ImageAnswers answers) {
    this.images = images;
    this.answers = answers;
  }

  void addTo(RouteTable table) {
    table.add("GET", "/images/json", this::list);
    table.add("POST", "/images/prune", this::prune);
    table.add("GET", "/images/{name:.*}/json", this::inspect);
    table.add("GET", "/images/{name:.*}/history", this::history);
    table.add("POST", "/images/{name:.*}/tag", this::tag);
    table.add("DELETE", "/images/{name:.*}", this::remove);
  }

  private void list(Call call) throws IOException {
    Filters filters = call.filters();
    String reference = call.query("filter"); // Until 1.40.
    if (reference != null && call.version().before(1, 41)) {
      Map<String, List<String>> values = new HashMap<>(filters.values());
      values.put("reference", List.of(reference));
      filters = new Filters(values);
    }
    filters.allowOnly(LIST_FILTERS);
    Map<Digest, Long> shared = call.flag("shared-size") ? images.sharedSizes() : Map.of();
    call.answer(
        images.list(call.flag("all"), filters).stream()
            .map(
                image ->
                    answers.summary(image, shared.getOrDefault(image.id(), -1L), call.version()))
            .toList());
  }

  private void prune(Call call) throws IOException {
    Filters filters = call.filters();
    filters.allowOnly(Set.of("dangling", "label", "label!", "until"));
    Images.Pruned pruned = images.prune(filters);
    call.answer(
        new ImagesPruned(
            pruned.removed().isEmpty()
                ? null
                : pruned.removed().stream().map(answers::removal).toList(),
            pruned.spaceReclaimed()));
  }

  private void inspect(Call call) throws IOException {
    call.answer(answers.inspect(images.inspect(call.name("name")), call.version()));
  }

  private void history(Call call) throws IOException {
    call.answer(images.history(call.name("name")).stream().map(answers::history).toList());
  }

  private void tag(Call call) throws IOException {
    String repository = call.query("repo");
    if (repository == null) {
      throw new Fault.Invalid("invalid reference format: repo is required");
    }
    images.tag(call.name("name"), repository, call.query("tag"));
    call.empty(201);
  }

  private void remove(Call call) throws IOException {
    List<Images.Removal> removed =
        images.remove(call.name("name"), call.flag("force"), call.flag("noprune"));
    call.answer(removed.stream().map(answers::removal).toList());
  }
}
