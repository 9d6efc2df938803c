/// Images in other places than this engine: copied, looked at, signed, without one.
@NullMarked
package io.djong.daemon.place;

import org.jspecify.annotations.NullMarked;
