/// File trees as stacks of tars: tar in, tar out, snapshots and their mounts.
module io.djong.layers {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.content;
  requires transitive io.djong.linux;
  requires com.github.luben.zstd_jni;

  exports io.djong.layers;
  exports io.djong.layers.erofs;
  exports io.djong.layers.overlay;
  exports io.djong.layers.tar;
}
