package io.djong.api;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.Json.Property;
import java.util.List;

/// Which files of a context the engine has from earlier builds (djong's own `POST /djong/context`,
/// whose body is a digest a line).
///
/// @param lease is good for one build within ten minutes ([BuildExtras#contextLease])
/// @param missing digests of what must be sent
@Json(naming = Json.Naming.UpperCamel, caseInsensitiveKeys = true)
public record ContextOffer(
    @Property("Lease") String lease, @Property("Missing") List<String> missing) {

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public ContextOffer {
    lease = lease == null ? "" : lease;
    missing = missing == null ? List.of() : missing;
  }
}
