package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.api.ImageInspect;
import io.djong.cli.Call;
import io.djong.model.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// Says whether what was built again is an image that is here: the same bytes.
final class BuildComparison {
  private final ImageInspect wanted;

  private BuildComparison(ImageInspect wanted) {
    this.wanted = wanted;
  }

  static BuildComparison with(Call call, String image) throws IOException {
    return new BuildComparison(call.engine().image(image));
  }

  /// The time that the image says it was made at, as `SOURCE_DATE_EPOCH`.
  String epoch() {
    return String.valueOf(Instant.parse(wanted.created()).getEpochSecond());
  }

  /// Tells what differs.
  ///
  /// @return 0 if nothing does, else 1
  int tell(Call call, String image) throws IOException {
    if (image.equals(wanted.id())) {
      call.console().print("verified: building again gives " + image);
      return 0;
    }
    ImageInspect built = call.engine().image(image);
    call.console().print("not the same: " + wanted.id() + " was wanted, " + image + " was built");
    layers(call, built);
    if (!wanted.created().equals(built.created())) {
      call.console().print("  created: " + wanted.created() + " and " + built.created());
    }
    String own = Json.full().writeText(Objects.requireNonNullElse(wanted.config(), ""));
    String other = Json.full().writeText(Objects.requireNonNullElse(built.config(), ""));
    if (!own.equals(other)) {
      call.console().print("  config: " + own + "\n     and: " + other);
    }
    if (built.repoTags().isEmpty()) {
      try {
        call.engine().removeImage(image, false, false);
      } catch (ApiError e) {
        call.console().say(e.getMessage());
      }
    }
    return 1;
  }

  private void layers(Call call, ImageInspect built) {
    List<String> own = wanted.rootFs().layers();
    List<String> other = built.rootFs().layers();
    for (int i = 0; i < Math.max(own.size(), other.size()); i++) {
      String one = i < own.size() ? own.get(i) : "none";
      String two = i < other.size() ? other.get(i) : "none";
      if (!one.equals(two)) {
        call.console().print("  layer " + (i + 1) + ": " + one + " and " + two);
      }
    }
  }
}
