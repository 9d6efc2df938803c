package io.djong.registry.server;

import io.djong.registry.PageLink;
import io.djong.registry.RegistryError;
import io.djong.registry.RegistryFault;
import io.djong.registry.RegistryPath;
import io.djong.registry.SearchAnswer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tags of a repository, repositories of the registry, and Docker's old search among them (OCI
/// distribution specification, Content Discovery). A page has at most 1,000 entries, and no more
/// than a page is held at a time.
final class ListRoutes {
  private static final int MAX_FOUND = 100;
  private static final int DEFAULT_FOUND = 25;

  private final Repositories repositories;

  ListRoutes(Repositories repositories) {
    this.repositories = repositories;
  }

  void tags(Call call, RegistryPath.Tags path) throws IOException {
    requireRead(call);
    call.require(path.name(), Action.PULL);
    int size = call.pageSize();
    String after = call.pageAfter();
    if (!repositories.exists(path.name())) {
      throw new RegistryFault(
          RegistryError.NAME_UNKNOWN,
          RegistryError.NAME_UNKNOWN.message(),
          Map.of("name", path.name()));
    }
    List<String> found = repositories.tags(path.name(), after, size + 1);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("name", path.name());
    answer.put("tags", page(call, found, size, path.toString()));
    call.json(answer);
  }

  void catalog(Call call) throws IOException {
    requireRead(call);
    int size = call.pageSize();
    List<String> found = readable(call, call.pageAfter(), size + 1, "");
    call.json(Map.of("repositories", page(call, found, size, "/v2/_catalog")));
  }

  void search(Call call) throws IOException {
    requireRead(call);
    String asked = call.query("q");
    String term = asked == null ? "" : asked.toLowerCase(Locale.ROOT);
    int limit = call.query("n") == null ? DEFAULT_FOUND : Math.min(MAX_FOUND, call.pageSize());
    List<SearchAnswer.Result> results = new ArrayList<>();
    for (String name : readable(call, "", limit, term)) {
      results.add(new SearchAnswer.Result(name, "", 0, false, false));
    }
    call.response()
        .header("Content-Type", "application/json")
        .send(new SearchAnswer(asked == null ? "" : asked, results).bytes());
  }

  /// What the caller may pull from and has the term in its name: at most `limit` names.
  private List<String> readable(Call call, String after, int limit, String term)
      throws IOException {
    List<String> found = new ArrayList<>();
    String last = after;
    while (found.size() < limit) {
      List<String> page = repositories.names(last, Call.MAX_PAGE);
      for (String name : page) {
        if (found.size() < limit
            && name.contains(term)
            && call.access().sees(call.caller(), name)) {
          found.add(name);
        }
      }
      if (page.size() < Call.MAX_PAGE) {
        break;
      }
      last = page.getLast();
    }
    return found;
  }

  /// Cuts one more than asked for, which says that there is a next page.
  private static List<String> page(Call call, List<String> found, int size, String target) {
    if (found.size() <= size) {
      return found;
    }
    List<String> page = found.subList(0, size);
    if (size > 0) {
      String last = URLEncoder.encode(page.getLast(), StandardCharsets.UTF_8);
      call.response().header("Link", PageLink.next(target + "?last=" + last + "&n=" + size));
    }
    return page;
  }

  private static void requireRead(Call call) {
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      throw call.unsupported("GET, HEAD");
    }
  }
}
