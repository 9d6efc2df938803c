/// The documents of the OCI runtime specification 1.0, as far as djong writes them.
@NullMarked
package io.djong.model.spec;

import org.jspecify.annotations.NullMarked;
