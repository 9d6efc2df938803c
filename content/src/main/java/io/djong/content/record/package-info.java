/// What is kept as records of a record store.
@NullMarked
package io.djong.content.record;

import org.jspecify.annotations.NullMarked;
