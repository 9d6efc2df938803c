/// The Engine API's words as records, and a client for it.
module io.djong.api {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.http;
  requires io.avaje.json;
  requires io.avaje.jsonb;

  exports io.djong.api;

  provides io.avaje.jsonb.spi.JsonbExtension with
      io.djong.api.ApiJsonComponent,
      io.djong.api.jsonb.GeneratedJsonComponent;
}
