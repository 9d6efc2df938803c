/// The engine on this machine: its services put together.
@NullMarked
package io.djong.engine.local;

import org.jspecify.annotations.NullMarked;
