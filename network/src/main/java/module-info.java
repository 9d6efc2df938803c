/// Bridges, addresses, published ports. Of a container it knows only the network namespace.
module io.djong.network {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.linux;
  requires org.dnsjava;

  exports io.djong.network;
  exports io.djong.network.bridge;
  exports io.djong.network.names;
  exports io.djong.network.parent;
}
