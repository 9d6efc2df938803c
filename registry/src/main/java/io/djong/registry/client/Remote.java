package io.djong.registry.client;

import io.djong.registry.Scope;
import java.util.List;

/// One repository on one server, as one user sees it.
///
/// @param path what the repository is called there
/// @param mirror whether another server has the last word
record Remote(Requests requests, String path, boolean mirror) {
  List<Scope> pull() {
    return List.of(Scope.repository(path, Scope.PULL));
  }

  List<Scope> push() {
    return List.of(Scope.repository(path, Scope.PULL, Scope.PUSH));
  }

  /// For taking a blob over from another repository.
  List<Scope> mount(String from) {
    return List.of(
        Scope.repository(path, Scope.PULL, Scope.PUSH), Scope.repository(from, Scope.PULL));
  }

  List<Scope> delete() {
    return List.of(Scope.repository(path, "delete", Scope.PULL, Scope.PUSH));
  }

  @Override
  public String toString() {
    return requests.server() + "/" + path;
  }
}
