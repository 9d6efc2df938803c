/// Bytes at rest and the names that point at them.
module io.djong.content {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires java.sql;
  requires com.github.luben.zstd_jni;

  exports io.djong.content;
}
