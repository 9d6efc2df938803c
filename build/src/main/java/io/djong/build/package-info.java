/// Dockerfile to graph, graph to image. This package is the contract; what it needs of others it
/// asks through its own interfaces.
@NullMarked
package io.djong.build;

import org.jspecify.annotations.NullMarked;
