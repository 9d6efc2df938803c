package io.djong.engine.local;

import io.djong.content.BlobStore;
import io.djong.content.ImageNames;
import io.djong.content.LocalImages;
import io.djong.content.RecordStore;
import io.djong.engine.Events;
import io.djong.engine.Filters;
import io.djong.engine.ImageTools;
import io.djong.engine.KeptLayers;
import io.djong.engine.container.ContainerServices;
import io.djong.engine.image.StoredImages;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mounts;
import io.djong.model.Fault;
import io.djong.registry.client.RegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The images of a data root whose engine does not run: they can be proven and mended.
public final class RestingImages {
  private RestingImages() {}

  /// What they are kept in; closed by whoever made it.
  ///
  /// @param mountedImages a folder for images that are mounted to be looked at
  public record Stores(
      RecordStore records,
      BlobStore blobs,
      ImageNames names,
      LocalImages localImages,
      Snapshotter snapshots,
      KeptLayers kept,
      Mounts mounts,
      Path mountedImages,
      RegistryClient registries) {}

  /// The tools of these images. Nobody else may use the stores meanwhile.
  public static ImageTools tools(Stores stores) throws IOException {
    List<String> trees = ContainerServices.trees(stores.records());
    StoredImages images =
        new StoredImages(
            new StoredImages.Stores(
                stores.records(),
                stores.localImages(),
                stores.names(),
                stores.blobs(),
                stores.snapshots(),
                stores.kept(),
                Long.MAX_VALUE,
                stores.mounts(),
                stores.mountedImages(),
                () -> trees),
            new Unheard(),
            InstantSource.system(),
            image -> List.of(),
            (container, pause) -> {
              throw new Fault.Unavailable("no engine runs that could commit " + container);
            });
    images.registries(stores.registries());
    return images.tools();
  }

  /// Events where nobody listens.
  private static final class Unheard implements Events {
    @Override
    public void publish(Event event) {}

    @Override
    public Subscription subscribe(
        @Nullable Instant since, @Nullable Instant until, Filters filters) {
      throw new Fault.Unavailable("no engine runs whose events there could be");
    }
  }
}
