package io.djong.registry.client;

import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import io.djong.model.Fault;
import io.djong.registry.Challenge;
import io.djong.registry.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks one server as one user: proves who we are where that is wanted, follows where it is sent,
/// and asks again what may be asked again. Safe for use by several threads.
///
/// Who we are is told to the registry's own origin alone, never to where it sends us.
final class Requests {
  /// What every request says.
  static final Map<String, String> HEADERS = Map.of("User-Agent", "djong/0.1");

  private static final int MAX_REDIRECTS = 5;

  private final Server server;
  private final Authorizer authorizer;
  private final Pause pause;

  Requests(Server server, Authorizer authorizer, Pause pause) {
    this.server = server;
    this.authorizer = authorizer;
    this.pause = pause;
  }

  Server server() {
    return server;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  /// Asks for something without a body, as often as it takes. The answer may be a refusal, but not
  /// one that might pass.
  ///
  /// @param target a path with its query, or an address that the server gave
  Exchange ask(String method, String target, Map<String, String> headers, List<Scope> scopes)
      throws IOException {
    return ask(method, target, headers, scopes, true);
  }

  /// As [#ask(String, String, Map, List)].
  ///
  /// @param patient whether it is asked again where the server wants to be asked less; if not, that
  ///   is the answer
  Exchange ask(
      String method,
      String target,
      Map<String, String> headers,
      List<Scope> scopes,
      boolean patient)
      throws IOException {
    Attempts attempts = new Attempts(pause);
    while (true) {
      try {
        Exchange answer = follow(method, resolve(target), headers, scopes);
        if (!Attempts.mayPass(answer.status())
            || (!patient && Attempts.asksForLess(answer.status()))) {
          return answer;
        }
        boolean again;
        try {
          again = attempts.again(answer.header("Retry-After"));
        } catch (IOException e) {
          answer.close();
          throw e;
        }
        if (!again) {
          return answer;
        }
        answer.close();
      } catch (IOException e) {
        attempts.again(e);
      }
    }
  }

  /// Sends a body, once. The token for it should be at hand: a body cannot be sent twice.
  Exchange send(
      String method,
      URI address,
      Map<String, String> headers,
      List<Scope> scopes,
      @Nullable InputStream body,
      long length)
      throws IOException {
    boolean own = isOwn(address);
    String authorization = own ? authorizer.header(scopes) : null;
    return once(method, address, with(headers, authorization), body, length);
  }

  private Exchange follow(String method, URI first, Map<String, String> headers, List<Scope> scopes)
      throws IOException {
    URI address = first;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      Exchange answer = authorized(method, address, headers, scopes);
      String location = isRedirect(method, answer) ? answer.header("Location") : null;
      if (location == null) {
        return answer;
      }
      try (answer) {
        address = next(address, location);
        Server.drain(answer);
      }
    }
    throw new Fault.Failed("the registry " + server + " sends us around in circles");
  }

  private Exchange authorized(
      String method, URI address, Map<String, String> headers, List<Scope> scopes)
      throws IOException {
    if (!isOwn(address)) {
      return once(method, address, headers, null, 0);
    }
    String said = authorizer.header(scopes);
    Exchange answer = once(method, address, with(headers, said), null, 0);
    if (answer.status() != 401) {
      return answer;
    }
    List<Challenge> challenges = Server.challenges(answer);
    String better;
    try {
      better = authorizer.next(challenges, scopes, said);
    } catch (IOException | RuntimeException e) {
      answer.close();
      throw e;
    }
    if (better == null) {
      return answer;
    }
    try (answer) {
      Server.drain(answer);
    }
    return once(method, address, with(headers, better), null, 0);
  }

  private Exchange once(
      String method,
      URI address,
      Map<String, String> headers,
      @Nullable InputStream body,
      long length)
      throws IOException {
    HttpClient client = server.origins().client(Origins.of(address));
    String path = address.getRawPath();
    String target =
        (path == null || path.isEmpty() ? "/" : path)
            + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    Map<String, String> all = new HashMap<>(HEADERS);
    all.putAll(headers);
    return client.send(method, target, all, body, length);
  }

  private static Map<String, String> with(
      Map<String, String> headers, @Nullable String authorization) {
    if (authorization == null) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", authorization);
    return all;
  }

  private static boolean isRedirect(String method, Exchange answer) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return false;
    }
    return switch (answer.status()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /// The address of a path, or of a location that the server gave.
  URI resolve(String target) throws IOException {
    return next(server.contact().origin(), target);
  }

  private URI next(URI from, String location) throws IOException {
    URI origin = server.contact().origin();
    URI to;
    try {
      to = from.resolve(new URI(location.replace(" ", "%20")));
    } catch (URISyntaxException e) {
      throw new Fault.Failed(
          "the registry " + server + " sends us to no address: " + Refusals.shown(location), e);
    }
    String host = to.getHost();
    boolean plain = "http".equals(to.getScheme());
    if (plain
        && "https".equals(origin.getScheme())
        && origin.getAuthority().equals(to.getAuthority())) {
      // A registry that does not know of the TLS in front of it.
      return URI.create("https" + to.toString().substring("http".length()));
    }
    boolean known = plain || "https".equals(to.getScheme());
    if (host == null || !known || to.getUserInfo() != null) {
      throw new Fault.Failed(
          "the registry " + server + " sends us to no address: " + Refusals.shown(location));
    }
    if ((plain && "https".equals(origin.getScheme()))
        || (Origins.isOfThisLink(host) && !Origins.isOfThisLink(origin.getHost()))) {
      throw new Fault.Denied(
          "the registry " + server + " sends us to where it must not: " + Origins.of(to));
    }
    return to;
  }

  private boolean isOwn(URI address) throws IOException {
    return Origins.of(address).equals(server.contact().origin());
  }
}
