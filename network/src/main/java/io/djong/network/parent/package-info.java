/// Networks that are those of a device of the host: macvlan and ipvlan.
@NullMarked
package io.djong.network.parent;

import org.jspecify.annotations.NullMarked;
