/// Containers and their lives: made, started, ended, removed, taken over from an earlier daemon.
@NullMarked
package io.djong.engine.container;

import org.jspecify.annotations.NullMarked;
