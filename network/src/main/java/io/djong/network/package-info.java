/// Bridges, addresses, published ports, names. Of a container it knows only the network namespace.
@NullMarked
package io.djong.network;

import org.jspecify.annotations.NullMarked;
