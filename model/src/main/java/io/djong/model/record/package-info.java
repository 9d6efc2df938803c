/// What the engine remembers, in the shapes it is kept in.
@NullMarked
package io.djong.model.record;

import org.jspecify.annotations.NullMarked;
