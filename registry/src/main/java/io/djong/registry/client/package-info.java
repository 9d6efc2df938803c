/// The distribution protocol from the side of whoever pulls and pushes.
@NullMarked
package io.djong.registry.client;

import org.jspecify.annotations.NullMarked;
