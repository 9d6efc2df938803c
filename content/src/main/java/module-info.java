/// Bytes at rest and the names that point at them.
module io.djong.content {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires io.djong.linux;
  requires java.sql;
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;
  requires org.xerial.sqlitejdbc;

  exports io.djong.content;
  exports io.djong.content.archive;
  exports io.djong.content.disk;
  exports io.djong.content.layout;
  exports io.djong.content.record;
  exports io.djong.content.sqlite;
  exports io.djong.content.tar;
}
