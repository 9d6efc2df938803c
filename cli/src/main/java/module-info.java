/// The command line: one class per command.
module io.djong.cli {
  requires static org.jspecify;
  requires jdk.unsupported; // signals: the JDK has no other door to them
  requires transitive io.djong.model;
  requires transitive io.djong.api;
  requires transitive io.djong.http;
}
