/// Containers with conmon beside each: it is the parent of the container's process, holds its
/// streams, writes its log and its exit status, and outlives the daemon.
@NullMarked
package io.djong.runtime.monitor;

import org.jspecify.annotations.NullMarked;
