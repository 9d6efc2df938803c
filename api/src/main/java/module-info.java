/// The Engine API's words as records, and a client for it.
module io.djong.api {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.http;
  requires io.avaje.json;
  requires io.avaje.jsonb;

}
