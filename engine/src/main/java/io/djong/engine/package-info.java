/// The nouns of the Engine and their lives. Knows no HTTP.
@NullMarked
package io.djong.engine;

import org.jspecify.annotations.NullMarked;
