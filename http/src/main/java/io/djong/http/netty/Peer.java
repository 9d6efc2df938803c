package io.djong.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Who is at the other end of a connection, in words for logs.
final class Peer {
  private Peer() {}

  static String of(Channel channel) {
    if (channel instanceof EpollDomainSocketChannel local) {
      try {
        PeerCredentials credentials = local.peerCredentials();
        return "unix:pid=" + credentials.pid() + ",uid=" + credentials.uid();
      } catch (IOException gone) {
        // SO_PEERCRED fails on a closed socket alone; nobody is left to be named.
        return "unix:";
      }
    }
    SocketAddress address = channel.remoteAddress();
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "unknown";
  }
}
