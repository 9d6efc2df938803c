/// HTTP over TCP and unix sockets, server and client, and the raw stream after an upgrade. Knows no
/// Docker.
module io.djong.http {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires io.netty.common;
  requires io.netty.buffer;
  requires io.netty.transport;
  requires io.netty.handler;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires org.apache.httpcomponents.core5.httpcore5;

  exports io.djong.http;
}
