package io.djong.build.local;

import io.djong.build.Downloads;
import io.djong.build.ImageSupply;
import io.djong.build.StepRunner;
import io.djong.build.solve.LayerStore;
import io.djong.build.solve.StepCache;
import io.djong.content.RecordStore;
import io.djong.linux.Mounts;
import java.nio.file.Path;
import java.time.InstantSource;

/// What a builder is made of. It closes none of them.
///
/// @param dataRoot for what must outlast a restart of the machine; the builder uses `build/` below
///   it
/// @param execRoot for what need not; the builder uses `build/` below it
public record BuilderParts(
    Path dataRoot,
    Path execRoot,
    LayerStore layers,
    StepCache cache,
    RecordStore records,
    ImageSupply images,
    StepRunner runner,
    Downloads downloads,
    Mounts mounts,
    InstantSource clock) {}
