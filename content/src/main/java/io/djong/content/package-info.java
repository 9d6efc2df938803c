/// Bytes at rest and the names that point at them.
@NullMarked
package io.djong.content;

import org.jspecify.annotations.NullMarked;
