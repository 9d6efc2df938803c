package io.djong.registry.server;

import io.djong.http.HttpRequest;
import io.djong.http.HttpResponse;
import io.djong.model.json.Json;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request to the registry, its answer, and who asks.
record Call(HttpRequest request, HttpResponse response, Caller caller, Access access) {
  static final String OCTETS = "application/octet-stream";
  static final int MAX_PAGE = 1000;
  private static final int MAX_LAST = 512;

  String method() {
    return request.method();
  }

  /// @throws RegistryFault with `UNAUTHORIZED` or `DENIED` if the caller may not
  void require(String repository, Action action) {
    access.require(caller, repository, action);
  }

  boolean may(String repository, Action action) {
    return access.may(caller, repository, action);
  }

  @Nullable String query(String name) {
    List<String> values = request.query().get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /// How many entries a page shall have.
  int pageSize() {
    String text = query("n");
    if (text == null) {
      return MAX_PAGE;
    }
    boolean number =
        !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      throw new RegistryFault(
          RegistryError.PAGINATION_NUMBER_INVALID,
          RegistryError.PAGINATION_NUMBER_INVALID.message());
    }
    return (int) Math.min(MAX_PAGE, Long.parseLong(text));
  }

  /// After which entry a page begins.
  String pageAfter() {
    String last = query("last");
    return last == null ? "" : last.length() > MAX_LAST ? last.substring(0, MAX_LAST) : last;
  }

  /// The length of the body; -1 if the client did not say it.
  long contentLength() {
    String text = request.header("Content-Length");
    // The server has refused what is no number.
    return text == null ? -1 : Long.parseLong(text.strip());
  }

  void json(Object tree) throws IOException {
    json("application/json", tree);
  }

  void json(String mediaType, Object tree) throws IOException {
    response.header("Content-Type", mediaType).send(Json.full().write(tree));
  }

  void empty(int status) throws IOException {
    response.status(status).send(new byte[0]);
  }

  /// Answers a HEAD request about so many bytes.
  void head(long length) throws IOException {
    response.header("Content-Length", Long.toString(length)).stream().close();
  }

  RegistryFault unsupported(String allowed) {
    response.header("Allow", allowed);
    return new RegistryFault(RegistryError.UNSUPPORTED, RegistryError.UNSUPPORTED.message());
  }
}
