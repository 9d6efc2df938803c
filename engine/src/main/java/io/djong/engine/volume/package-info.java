/// Volumes: folders that outlive containers.
@NullMarked
package io.djong.engine.volume;

import org.jspecify.annotations.NullMarked;
