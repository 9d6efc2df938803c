/// Dockerfile to graph, graph to image. What it needs beyond its neighbours it asks through
/// interfaces it owns.
module io.djong.build {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.content;
  requires transitive io.djong.layers;
  requires transitive io.djong.linux;

  exports io.djong.build;
  exports io.djong.build.local;
  exports io.djong.build.solve;
}
