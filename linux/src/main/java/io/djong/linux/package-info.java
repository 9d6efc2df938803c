/// The only code that calls the kernel. Verbs without policy.
@NullMarked
package io.djong.linux;

import org.jspecify.annotations.NullMarked;
