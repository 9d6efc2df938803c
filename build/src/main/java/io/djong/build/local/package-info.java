/// The builder on this machine: its parts put together.
@NullMarked
package io.djong.build.local;

import org.jspecify.annotations.NullMarked;
