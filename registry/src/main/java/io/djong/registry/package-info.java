/// The distribution protocol from both ends.
@NullMarked
package io.djong.registry;

import org.jspecify.annotations.NullMarked;
