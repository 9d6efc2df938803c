/// The server on Netty's event loop and native epoll, with a blocking face: few threads move the
/// bytes, a virtual thread answers each request.
@NullMarked
package io.djong.http.netty;

import org.jspecify.annotations.NullMarked;
