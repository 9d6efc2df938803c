package io.djong.engine.local;

import io.djong.content.BlobStore;
import io.djong.content.ImageNames;
import io.djong.content.LocalImages;
import io.djong.content.RecordStore;
import io.djong.engine.KeptLayers;
import io.djong.engine.ProcessLister;
import io.djong.engine.Publishing;
import io.djong.layers.Snapshotter;
import io.djong.linux.Mounts;
import io.djong.network.NameServer;
import io.djong.network.Network;
import io.djong.network.NetworkDriver;
import io.djong.network.Sandboxes;
import io.djong.registry.client.RegistryClient;
import io.djong.runtime.ContainerRuntime;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What an engine is made of. It closes none of them.
///
/// @param dataRoot for what must outlast a restart of the machine; the engine uses `engine/` below
///   it
/// @param execRoot for what need not; the engine uses `containers/` below it
/// @param bridge the default bridge network, for the first time: its id is not used
/// @param kept layers that are needed though no image has them
/// @param blobCache in bytes, what packed layers may take that can be made again
/// @param publishing how ports are published where nobody says
/// @param remap whose ids of the host all containers get, `default` or `USER[:GROUP]`; null if they
///   are not mapped
/// @param init a program for `--init`, if there is one
public record EngineParts(
    Path dataRoot,
    Path execRoot,
    RecordStore records,
    BlobStore blobs,
    ImageNames names,
    LocalImages localImages,
    Snapshotter snapshots,
    Mounts mounts,
    RegistryClient registries,
    ContainerRuntime runtime,
    Sandboxes sandboxes,
    NetworkDriver network,
    NameServer nameServer,
    Network bridge,
    ProcessLister processes,
    KeptLayers kept,
    long blobCache,
    @Nullable Path init,
    Publishing publishing,
    @Nullable String remap,
    InstantSource clock) {}
