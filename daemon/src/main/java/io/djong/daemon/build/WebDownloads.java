package io.djong.daemon.build;

import io.djong.build.Downloads;
import io.djong.http.HttpClient;
import io.djong.http.HttpClient.Exchange;
import io.djong.http.ProxyRules;
import io.djong.http.Transport;
import io.djong.http.Trust;
import io.djong.model.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fetches a builder's files from the web, through the proxies of the environment. Redirects are
/// followed, but never from `https` to `http`, and credentials in a URL go to its own host alone.
public final class WebDownloads implements Downloads {
  private static final int MOST_REDIRECTS = 10;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

  private final ProxyRules proxies;

  public WebDownloads(ProxyRules proxies) {
    this.proxies = proxies;
  }

  @Override
  public Download open(String url) throws IOException {
    URI at = parse(url);
    String authorization = authorization(at);
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      HttpClient client = HttpClient.of(at, transport(at));
      boolean kept = false;
      try {
        Exchange answer = get(client, at, authorization);
        String location = answer.header("Location");
        if (REDIRECTS.contains(answer.status()) && location != null) {
          answer.close();
          URI next = next(at, location);
          authorization = sameHost(at, next) ? authorization : authorization(next);
          at = next;
          continue;
        }
        if (answer.status() != OK) {
          answer.close();
          throw refused(at, answer.status());
        }
        kept = true;
        return new Download(
            new Body(answer.body(), answer, client), moment(answer.header("Last-Modified")));
      } finally {
        if (!kept) {
          client.close();
        }
      }
    }
    throw new Fault.Failed(shown(parse(url)) + ": stopped after " + MOST_REDIRECTS + " redirects");
  }

  private Transport transport(URI at) throws IOException {
    Transport transport = Transport.DEFAULT.through(proxies.of(at));
    return at.getScheme().equals("https") ? transport.with(Trust.of(List.of(), null)) : transport;
  }

  private static Exchange get(HttpClient client, URI at, @Nullable String authorization)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("User-Agent", "djong");
    headers.put("Accept", "*/*");
    if (authorization != null) {
      headers.put("Authorization", authorization);
    }
    String path = at.getRawPath() == null || at.getRawPath().isEmpty() ? "/" : at.getRawPath();
    String target = at.getRawQuery() == null ? path : path + "?" + at.getRawQuery();
    try {
      return client.send("GET", target, headers, null, 0);
    } catch (IOException e) {
      throw new Fault.Unavailable("failed to fetch " + shown(at) + ": " + e.getMessage(), e);
    }
  }

  private static URI parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new Fault.Invalid("invalid URL: " + e.getReason());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new Fault.Invalid("invalid URL: want http://HOST/… or https://HOST/…");
    }
    return uri;
  }

  private static URI next(URI at, String location) {
    URI next;
    try {
      next = parse(at.resolve(new URI(location)).toString());
    } catch (URISyntaxException e) {
      throw new Fault.Failed(shown(at) + " redirects to what is no URL");
    }
    if (at.getScheme().equals("https") && next.getScheme().equals("http")) {
      throw new Fault.Denied(
          shown(at) + " redirects from https to http, which anybody on the way could change");
    }
    return next;
  }

  private static boolean sameHost(URI one, URI other) {
    return one.getHost().equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort()
        && one.getScheme().equals(other.getScheme());
  }

  private static @Nullable String authorization(URI at) {
    String user = at.getUserInfo();
    return user == null
        ? null
        : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  private static Fault refused(URI at, int status) {
    String text = "failed to fetch " + shown(at) + ": it answered with status " + status;
    return status == NOT_FOUND ? new Fault.Invalid(text) : new Fault.Failed(text);
  }

  /// Without what may be a secret.
  private static String shown(URI at) {
    String port = at.getPort() < 0 ? "" : ":" + at.getPort();
    return at.getScheme() + "://" + at.getHost() + port + at.getRawPath();
  }

  private static @Nullable Instant moment(@Nullable String header) {
    if (header == null) {
      return null;
    }
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
    } catch (DateTimeException _) {
      return null; // As if it had not been said.
    }
  }

  /// Ends the connection with its content.
  private static final class Body extends FilterInputStream {
    private final Exchange answer;
    private final HttpClient client;

    Body(InputStream in, Exchange answer, HttpClient client) {
      super(in);
      this.answer = answer;
      this.client = client;
    }

    @Override
    public void close() throws IOException {
      try {
        answer.close();
      } finally {
        client.close();
      }
    }
  }
}
