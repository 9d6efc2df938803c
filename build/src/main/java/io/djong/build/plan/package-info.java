/// From a Dockerfile to a graph: which stages are needed, what each instruction means where it
/// stands.
@NullMarked
package io.djong.build.plan;

import org.jspecify.annotations.NullMarked;
