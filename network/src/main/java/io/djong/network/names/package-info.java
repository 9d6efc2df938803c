/// The names of containers, served to them by DNS.
@NullMarked
package io.djong.network.names;

import org.jspecify.annotations.NullMarked;
