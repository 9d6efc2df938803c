package io.djong.registry.client;

import io.djong.model.Fault;
import io.djong.model.Reference.Repository;
import io.djong.registry.Credentials;
import io.djong.registry.RegistrySettings.Rule;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which servers have a repository, by the rules, for one user. Safe for use by several threads.
final class Routing {
  private final RegistryClient client;
  private final String host;
  private final Credentials credentials;

  /// @param host whom the credentials are for; nobody else gets them
  Routing(RegistryClient client, String host, Credentials credentials) {
    this.client = client;
    this.host = host;
    this.credentials = credentials;
  }

  /// Where a repository can be read, in the order to be asked; the last is the registry itself.
  ///
  /// @throws Fault.Denied if it is blocked
  List<Remote> pull(Repository repository) throws IOException {
    Rule rule = rule(repository);
    List<Remote> all = new ArrayList<>();
    if (rule != null) {
      String rest = rest(repository, rule);
      for (URI mirror : rule.mirrors()) {
        String path = mirror.getPath() == null ? "" : mirror.getPath();
        all.add(new Remote(client.anonymous(mirror), (trimmed(path) + rest).substring(1), true));
      }
    }
    all.add(own(repository, rule));
    return all;
  }

  /// Where it is written.
  Remote push(Repository repository) throws IOException {
    return own(repository, rule(repository));
  }

  private Remote own(Repository repository, @Nullable Rule rule) throws IOException {
    String location = rule == null ? null : rule.location();
    if (rule == null || location == null) {
      return new Remote(requests(repository.host()), repository.path(), false);
    }
    String moved = location + rest(repository, rule);
    int slash = moved.indexOf('/');
    return new Remote(requests(moved.substring(0, slash)), moved.substring(slash + 1), false);
  }

  private Requests requests(String at) throws IOException {
    return client.requests(at, at.equals(host) ? credentials : Credentials.NONE);
  }

  private @Nullable Rule rule(Repository repository) {
    String name = repository.toString();
    Rule longest = null;
    for (Rule rule : client.settings().rules()) {
      if (rule.covers(name)
          && (longest == null || rule.prefix().length() > longest.prefix().length())) {
        longest = rule;
      }
    }
    if (longest != null && longest.blocked()) {
      throw new Fault.Denied(
          "registry "
              + longest.prefix()
              + " is blocked by this daemon's settings: nothing of it is pulled or pushed");
    }
    return longest;
  }

  /// What of the name follows the rule's prefix, with its slash.
  private static String rest(Repository repository, Rule rule) {
    return repository.toString().substring(rule.prefix().length());
  }

  private static String trimmed(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
