package io.djong.build.solve;

import io.djong.build.BuildListener;
import io.djong.build.BuildRequest;
import io.djong.build.context.FileTree;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one build has of its own.
///
/// @param contexts the files that came with it, by name
/// @param proxies variables that commands find and that decide nothing
/// @param epoch the time that everything is said to be made at; null is the clock's
public record BuildScope(
    BuildRequest request,
    Map<String, FileTree> contexts,
    Map<String, String> proxies,
    @Nullable Instant epoch,
    StepCache.Use cache,
    BuildListener listener) {}
