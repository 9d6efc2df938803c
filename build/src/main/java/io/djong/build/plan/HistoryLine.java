package io.djong.build.plan;

import io.djong.model.ImageConfig.History;

/// One line of an image's history, as far as it is known before the steps ran.
///
/// @param step whether a step belongs to it, which may have made a layer
public record HistoryLine(History entry, boolean step) {}
