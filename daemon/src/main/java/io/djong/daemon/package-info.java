/// Routes from HTTP to engine, and Wiring, the one place where objects are made and handed to each
/// other.
@NullMarked
package io.djong.daemon;

import org.jspecify.annotations.NullMarked;
