package io.djong.engine.container;

import io.djong.engine.image.StoredImages;
import io.djong.engine.volume.FolderVolumes;
import io.djong.layers.Snapshotter;
import io.djong.runtime.ContainerRuntime;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the services of this package work with.
record ContainerParts(
    StoredImages images,
    FolderVolumes volumes,
    Snapshotter snapshots,
    RootFileSystems trees,
    MountSources sources,
    ContainerFolders folders,
    ContainerRegister register,
    NetworkPlaces networks,
    SharedNamespaces shared,
    UserNamespaces users,
    ContainerEvents events,
    ContainerRuntime runtime,
    Machine machine,
    @Nullable Path init) {}
