/// File trees as stacks of tars: tar in, tar out, snapshots and their mounts.
@NullMarked
package io.djong.layers;

import org.jspecify.annotations.NullMarked;
