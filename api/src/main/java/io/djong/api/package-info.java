/// The Engine API's words as records, and a client for it.
@NullMarked
package io.djong.api;

import org.jspecify.annotations.NullMarked;
