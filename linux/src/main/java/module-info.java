/// The only code that calls the kernel. Verbs without policy.
module io.djong.linux {
  requires static org.jspecify;
  requires transitive io.djong.model;

  exports io.djong.linux;
}
