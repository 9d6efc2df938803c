/// What happened, told to whoever listens.
@NullMarked
package io.djong.engine.event;

import org.jspecify.annotations.NullMarked;
