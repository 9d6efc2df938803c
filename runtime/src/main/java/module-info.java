/// Containers as processes: bundles, the OCI runtime, a monitor beside each. Knows no image and no
/// network.
module io.djong.runtime {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.linux;

  exports io.djong.runtime;
  exports io.djong.runtime.monitor;
}
