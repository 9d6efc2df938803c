package io.djong.registry.client;

import io.djong.http.HttpClient.Exchange;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import io.djong.registry.PageLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lists that a registry gives page by page (OCI distribution specification, Content Discovery).
record Pages(Remote remote) {
  private static final int MAX_PAGE = 8 << 20;
  private static final int MAX_ENTRIES = 1_000_000;

  /// All texts in a property of the answers.
  List<String> all(String path, String property) throws IOException {
    List<String> all = new ArrayList<>();
    String next = path;
    while (next != null) {
      int before = all.size();
      try (Exchange answer = remote.requests().ask("GET", next, Map.of(), remote.pull())) {
        if (answer.status() != 200) {
          throw Refusals.of(answer);
        }
        byte[] body = answer.body().readNBytes(MAX_PAGE + 1);
        if (body.length > MAX_PAGE) {
          throw new Fault.Invalid("a list of " + remote + " is larger than 8 MiB a page");
        }
        if (Json.lean().readTree(body) instanceof Map<?, ?> page
            && page.get(property) instanceof List<?> list) {
          list.forEach(each -> all.add(String.valueOf(each)));
        }
        next = PageLink.target(answer.header("Link"));
      }
      if (all.size() == before || all.size() > MAX_ENTRIES) {
        return all;
      }
    }
    return all;
  }
}
