/// Containers as processes: bundles, the OCI runtime, a monitor beside each. Knows no image and no
/// network.
@NullMarked
package io.djong.runtime;

import org.jspecify.annotations.NullMarked;
