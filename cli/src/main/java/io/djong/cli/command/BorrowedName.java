package io.djong.cli.command;

import io.djong.api.ApiError;
import io.djong.cli.Call;
import io.djong.model.Reference;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A name of an image in the engine that something else has for a while; afterwards it is again
/// whose it was before.
///
/// @param former the ID of the image that had the name, or null
record BorrowedName(Call call, String name, @Nullable String former) {
  static BorrowedName of(Call call, String name) throws IOException {
    return new BorrowedName(call, name, id(call, name));
  }

  private static @Nullable String id(Call call, String name) throws IOException {
    try {
      return call.engine().image(name).id();
    } catch (ApiError e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  /// What has the name now loses it, and goes if it has no other. Idempotent.
  void giveBack() throws IOException {
    String now = id(call, name);
    if (now == null || now.equals(former)) {
      return;
    }
    if (former != null && Reference.parse(name) instanceof Reference.Tag tag) {
      call.engine().tag(former, tag.repository().familiar(), tag.tag());
      remove(now);
    } else {
      remove(name);
    }
  }

  private void remove(String image) throws IOException {
    try {
      call.engine().removeImage(image, false, false);
    } catch (ApiError e) {
      // Gone, or somebody else's by now.
      if (e.status() != 404 && e.status() != 409) {
        throw e;
      }
    }
  }
}
