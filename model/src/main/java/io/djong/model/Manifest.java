package io.djong.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The top of an image: either one image's config and layers, or an index of several. Docker schema
/// 2 and OCI documents are one type here; the media type stands in the document's descriptor.
public sealed interface Manifest {
  /// What must be there for this manifest to be complete, in document order.
  List<Descriptor> children();

  /// OCI image specification, Image Manifest. Layers go from the base upwards.
  record Image(
      Descriptor config,
      List<Descriptor> layers,
      @Nullable Descriptor subject,
      Map<String, String> annotations)
      implements Manifest {
    public Image {
      layers = List.copyOf(layers);
      annotations = Map.copyOf(annotations);
    }

    @Override
    public List<Descriptor> children() {
      List<Descriptor> all = new java.util.ArrayList<>(layers.size() + 1);
      all.add(config);
      all.addAll(layers);
      return List.copyOf(all);
    }
  }

  /// OCI image specification, Image Index.
  record Index(
      List<Descriptor> manifests, @Nullable Descriptor subject, Map<String, String> annotations)
      implements Manifest {
    public Index {
      manifests = List.copyOf(manifests);
      annotations = Map.copyOf(annotations);
    }

    @Override
    public List<Descriptor> children() {
      return manifests;
    }
  }
}
