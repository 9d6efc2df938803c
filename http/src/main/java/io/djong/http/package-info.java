/// HTTP over TCP and unix sockets, server and client, and the raw stream after an upgrade. Knows no
/// Docker.
@NullMarked
package io.djong.http;

import org.jspecify.annotations.NullMarked;
