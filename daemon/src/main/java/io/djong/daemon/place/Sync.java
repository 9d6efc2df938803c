package io.djong.daemon.place;

import io.djong.api.RegistryLogins;
import io.djong.content.PlatformChoice;
import io.djong.model.Descriptor;
import io.djong.model.Fault;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.client.RegistrySource;
import io.djong.registry.server.Pattern;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `djong registry sync FILE`: copies repositories and tags by pattern. What is at the other end
/// already does not move, so it may be run again and again. One that fails is told, and the others
/// go on. For one thread.
public final class Sync {
  private static final Set<String> KEYS =
      Set.of("source", "repositories", "tags", "except", "destination", "platform");

  private final RegistryClient client;
  private final Ends ends;
  private final Copying copying;
  private final PrintStream out;
  private final PrintStream err;
  private int copied;
  private int failed;

  private Sync(RegistryClient client, PrintStream out, PrintStream err) {
    this.client = client;
    this.ends = new Ends(client, RegistryLogins.ofUser(), null);
    this.copying = new Copying(ends);
    this.out = out;
    this.err = err;
  }

  /// One entry of the file.
  ///
  /// @param from a host, or a host and the path of a repository
  /// @param to the same; without a path, repositories keep theirs
  private record Task(
      String from,
      List<String> repositories,
      List<String> tags,
      List<String> except,
      String to,
      PlatformChoice choice) {}

  /// @return 0, or 1 if something could not be copied
  /// @throws Fault.Invalid if the file makes no sense
  public static int run(List<String> arguments, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    if (arguments.size() != 1) {
      throw new Fault.Invalid("want one FILE");
    }
    Path file = Path.of(arguments.getFirst());
    if (!(Json.full().readTree(Files.readAllBytes(file)) instanceof Map<?, ?> all)
        || !(all.get("images") instanceof List<?> images)
        || !Set.of("images", "insecure").containsAll(all.keySet())) {
      throw new Fault.Invalid(file + ": want an object with images, and insecure if need be");
    }
    List<Task> tasks = new ArrayList<>();
    for (Object each : images) {
      tasks.add(task(each));
    }
    try (RegistryClient client = ImageVerbs.client(texts(all.get("insecure"), List.of()))) {
      Sync sync = new Sync(client, out, err);
      for (Task task : tasks) {
        sync.run(task);
      }
      out.println(sync.copied + " copied or there already, " + sync.failed + " failed");
      return sync.failed == 0 ? 0 : 1;
    }
  }

  private static Task task(@Nullable Object entry) {
    if (!(entry instanceof Map<?, ?> map)
        || !KEYS.containsAll(map.keySet())
        || !(map.get("source") instanceof String source)
        || !(map.get("destination") instanceof String destination)) {
      throw new Fault.Invalid("images: want objects with source and destination, and of " + KEYS);
    }
    String platform = map.get("platform") instanceof String text ? text : "all";
    PlatformChoice choice = platform.equals("all") ? PlatformChoice.ALL : ImageVerbs.only(platform);
    if (choice == null) {
      throw new Fault.Invalid("images: want platform as OS/ARCH or all, found " + platform);
    }
    return new Task(
        bare(source),
        texts(map.get("repositories"), List.of("*")),
        texts(map.get("tags"), List.of("*")),
        texts(map.get("except"), List.of()),
        bare(destination),
        choice);
  }

  private static String bare(String place) {
    String bare = place.startsWith("docker://") ? place.substring(9) : place;
    return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
  }

  private static List<String> texts(@Nullable Object value, List<String> otherwise) {
    if (value == null) {
      return otherwise;
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String::valueOf).toList();
    }
    throw new Fault.Invalid("want a list of texts, found " + value);
  }

  private void run(Task task) throws IOException, InterruptedException {
    int slash = task.from().indexOf('/');
    String host = slash < 0 ? task.from() : task.from().substring(0, slash);
    if (slash >= 0) {
      String path = task.from().substring(slash + 1);
      int name = task.to().indexOf('/');
      copy(task, new Repository(host, path), name < 0 ? task.to() + "/" + path : task.to());
      return;
    }
    RegistrySource source = client.source(host, ends.credentials(host, null));
    for (String path : source.repositories(new Repository(host, "any"))) {
      if (fits(task.repositories(), path)) {
        copy(task, new Repository(host, path), task.to() + "/" + path);
      }
    }
  }

  private void copy(Task task, Repository from, String to)
      throws IOException, InterruptedException {
    List<String> tags;
    try {
      tags = client.source(from.host(), ends.credentials(from.host(), null)).tags(from);
    } catch (Fault | IOException e) {
      failed++;
      err.println(from + ": " + e.getMessage());
      return;
    }
    for (String tag : tags) {
      if (!fits(task.tags(), tag) || fits(task.except(), tag)) {
        continue;
      }
      try {
        Descriptor made =
            copying.copy(
                new Place.Registry(new Reference.Tag(from, tag)),
                new Place.Registry(Reference.parse(to + ":" + tag)),
                task.choice(),
                null,
                null,
                Progress.NONE);
        copied++;
        out.println(from + ":" + tag + " -> " + to + ":" + tag + " " + made.digest());
      } catch (Fault | IOException e) {
        failed++;
        err.println(from + ":" + tag + ": " + e.getMessage());
      }
    }
  }

  private static boolean fits(List<String> patterns, String name) {
    return patterns.stream().anyMatch(each -> Pattern.matches(each, name));
  }
}
