/// The networks that are always there.
@NullMarked
package io.djong.engine.network;

import org.jspecify.annotations.NullMarked;
