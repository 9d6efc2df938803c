/// The client over the JDK's blocking socket channels, with HttpCore for the messages: a command
/// that asks one question starts no event loop for it.
@NullMarked
package io.djong.http.socket;

import org.jspecify.annotations.NullMarked;
