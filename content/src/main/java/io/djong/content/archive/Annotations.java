package io.djong.content.archive;

/// The annotations that give the images of a layout their names.
final class Annotations {
  /// The complete name, as Docker and containerd write it.
  static final String FULL_NAME = "io.containerd.image.name";

  /// OCI image specification, Pre-Defined Annotation Keys: a name or only a tag.
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  private Annotations() {}
}
