/// The words everybody uses, as values: no I/O, no threads, no clock.
@NullMarked
package io.djong.model;

import org.jspecify.annotations.NullMarked;
