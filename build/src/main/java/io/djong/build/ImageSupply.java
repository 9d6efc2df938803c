package io.djong.build;

import io.djong.build.BuildRequest.Login;
import io.djong.model.Digest;
import io.djong.model.ImageConfig;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The images of this machine, as far as a builder needs them. Safe for use by several threads.
public interface ImageSupply {
  /// Finds an image, and fetches it if it is not here.
  ///
  /// @param pull fetch it even if one of that name is here
  /// @param logins who one is to registries, by their hosts
  /// @throws io.djong.model.Fault.NotFound if there is none
  Found resolve(
      String name,
      @Nullable Platform platform,
      boolean pull,
      Map<String, Login> logins,
      Progress progress)
      throws IOException, InterruptedException;

  /// Makes an image of layers that are all here, durably. Idempotent.
  ///
  /// @return its id
  Digest publish(ImageConfig config, List<Reference.Tag> names) throws IOException;

  /// Makes an image as [#publish] does in which all layers above the lowest ones are one.
  ///
  /// @param base the image whose layers stay; null if all become one
  Digest publishSquashed(ImageConfig config, @Nullable Digest base, List<Reference.Tag> names)
      throws IOException;

  /// Frees layers that neither an image nor the builder needs any more.
  void sweep() throws IOException;

  /// @param id its config's digest
  record Found(Digest id, ImageConfig config) {}
}
