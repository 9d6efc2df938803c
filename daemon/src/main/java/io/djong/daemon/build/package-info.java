/// What the builder asks for, answered by the engine: the two do not know each other.
@NullMarked
package io.djong.daemon.build;

import org.jspecify.annotations.NullMarked;
