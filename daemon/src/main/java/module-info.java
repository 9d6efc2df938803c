/// Routes from HTTP to engine, and Wiring, the one place where objects are made and handed to each
/// other.
module io.djong.daemon {
  requires static org.jspecify;
  requires java.logging;
  requires transitive io.djong.model;
  requires transitive io.djong.api;
  requires transitive io.djong.http;
  requires transitive io.djong.engine;
  requires transitive io.djong.registry;
  requires transitive io.djong.build;
  requires transitive io.djong.content;
  requires transitive io.djong.layers;
  requires transitive io.djong.runtime;
  requires transitive io.djong.network;
  requires transitive io.djong.linux;

  exports io.djong.daemon;
}
