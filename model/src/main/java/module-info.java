/// The words everybody uses: digests, references, manifests, configs, what a container is asked to
/// be.
module io.djong.model {
  requires static org.jspecify;
  requires io.avaje.json;
  requires io.avaje.jsonb;

  exports io.djong.model;
  exports io.djong.model.container;
  exports io.djong.model.ignore;
  exports io.djong.model.json;
  exports io.djong.model.record;
  exports io.djong.model.spec;

  provides io.avaje.jsonb.spi.JsonbExtension with
      io.djong.model.json.JsonJsonComponent,
      io.djong.model.jsonb.GeneratedJsonComponent;
}
