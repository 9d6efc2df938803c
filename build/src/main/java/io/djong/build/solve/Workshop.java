package io.djong.build.solve;

import io.djong.build.StepRunner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/// What all builds of one builder work with.
///
/// @param cacheMounts the folders of `--mount=type=cache`
/// @param scratch a folder on the disk for what lives as long as a build
/// @param memory for what must not reach the disk
/// @param hands how many steps work at the same time
public record Workshop(
    LayerStore layers,
    MountedTrees trees,
    StepCache cache,
    StepRunner runner,
    CacheMounts cacheMounts,
    MemoryFiles memory,
    Remotes remotes,
    Path scratch,
    Flights flights,
    Semaphore hands,
    InstantSource clock) {}
