/// Which addresses there are, and who has them.
@NullMarked
package io.djong.network.address;

import org.jspecify.annotations.NullMarked;
