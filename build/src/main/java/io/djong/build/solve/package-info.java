/// Runs a graph: what is known already is taken from the cache, what is independent runs side by
/// side.
@NullMarked
package io.djong.build.solve;

import org.jspecify.annotations.NullMarked;
