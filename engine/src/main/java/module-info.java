/// The nouns of the Engine and their lives. Knows no HTTP.
module io.djong.engine {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.content;
  requires transitive io.djong.layers;
  requires transitive io.djong.runtime;
  requires transitive io.djong.network;
  requires transitive io.djong.registry;
  requires transitive io.djong.linux;

  exports io.djong.engine;
  exports io.djong.engine.local;
}
