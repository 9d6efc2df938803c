package io.djong.network.names;

import io.djong.linux.NetworkNamespace;
import io.djong.linux.NftRedirects;
import io.djong.linux.Nftables;
import io.djong.network.NameServer;
import io.djong.network.Names;
import io.djong.network.Sandbox;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Serves names from sockets of this process that were opened inside the containers' namespaces, so
/// nothing runs in them. The sockets have ports that programs seldom want; rules of the namespace's
/// own packet filter lead port 53 of 127.0.0.11 there, so a container may serve DNS itself.
public final class SandboxNameServer implements NameServer, AutoCloseable {
  private static final int CACHED = 4096;
  private static final int DNS = 53;
  private static final byte TCP = 6;
  private static final byte UDP = 17;

  private final Map<String, ServedSandbox> served = new ConcurrentHashMap<>();
  private final Turns turns = new Turns();
  private final Replies replies = new Replies(turns);
  private final Forwarder forwarder;
  private final DatagramLoop datagrams;

  public SandboxNameServer(InstantSource clock) throws IOException {
    this.datagrams = DatagramLoop.start(new PlainReplies(turns));
    this.forwarder = new Forwarder(new ReplyCache(clock, CACHED));
  }

  @Override
  public void serve(Sandbox sandbox, Names names) throws IOException {
    if (served.containsKey(sandbox.key())) {
      return;
    }
    try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.path())) {
      ServedSandbox opened =
          namespace.call(
              () -> {
                ServedSandbox inside = ServedSandbox.open(names, replies, forwarder);
                try (Nftables nft = Nftables.open()) {
                  nft.apply(redirects(inside));
                  return inside;
                } catch (IOException e) {
                  inside.close();
                  throw e;
                }
              });
      ServedSandbox other = served.putIfAbsent(sandbox.key(), opened);
      if (other != null) {
        opened.close();
        return;
      }
      datagrams.add(opened);
      opened.start(sandbox.key());
    }
  }

  private static NftRedirects redirects(ServedSandbox inside) {
    InetSocketAddress usual = new InetSocketAddress(ServedSandbox.ADDRESS, DNS);
    return new NftRedirects("djong_names")
        .add(UDP, usual, new InetSocketAddress(ServedSandbox.ADDRESS, inside.datagramPort()))
        .add(TCP, usual, new InetSocketAddress(ServedSandbox.ADDRESS, inside.streamPort()));
  }

  @Override
  public void stop(String sandboxKey) {
    ServedSandbox gone = served.remove(sandboxKey);
    if (gone != null) {
      gone.close();
      datagrams.forget();
    }
  }

  /// Names are not served any more until another one does.
  @Override
  public void close() {
    served.keySet().forEach(this::stop);
    datagrams.close();
  }
}
