/// Dockerfile to graph, graph to image.
@NullMarked
package io.djong.build;

import org.jspecify.annotations.NullMarked;
