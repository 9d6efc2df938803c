/// A build as a graph of plain values.
@NullMarked
package io.djong.build.graph;

import org.jspecify.annotations.NullMarked;
