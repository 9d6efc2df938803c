package io.djong.engine.container;

import io.djong.engine.container.SubordinateIds.Span;
import io.djong.linux.IdMapping;
import io.djong.linux.IdMapping.Range;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gives ids of the host to containers, as the machine lets users hand them on: a range to one
/// container alone, or all of a user's to all of them. What is given is known by the containers'
/// records. Safe for use by several threads.
final class IdPool {
  /// Whose ids are given to containers one range each.
  private static final List<String> USERS = List.of("djong", "containers");

  private final ContainerRegister containers;
  private final @Nullable IdMapping shared;

  /// What is given to containers that are not known yet; guards the giving.
  private final Map<ContainerId, IdMapping> begun = new LinkedHashMap<>();

  /// @param shared what no container gets for itself
  IdPool(ContainerRegister containers, @Nullable IdMapping shared) {
    this.containers = containers;
    this.shared = shared;
  }

  /// All ids of a user.
  ///
  /// @param asked `default` or `USER[:GROUP]`
  /// @throws Fault.Invalid if the machine lets that user hand on none
  static IdMapping of(String asked) throws IOException {
    int colon = asked.indexOf(':');
    String user = colon < 0 ? asked : asked.substring(0, colon);
    String group = colon < 0 ? user : asked.substring(colon + 1);
    SubordinateIds users = SubordinateIds.read(SubordinateIds.USERS);
    SubordinateIds groups = SubordinateIds.read(SubordinateIds.GROUPS);
    List<String> names = user.equals("default") ? List.of("dockremap", "djong") : List.of(user);
    for (String name : names) {
      List<Span> uids = users.of(name);
      List<Span> gids = groups.of(name);
      if (gids.isEmpty() && colon >= 0) {
        gids = groups.of(group);
      }
      if (!uids.isEmpty() && !gids.isEmpty()) {
        return new IdMapping(SubordinateIds.mapped(uids), SubordinateIds.mapped(gids));
      }
    }
    throw new Fault.Invalid(
        "--userns-remap="
            + asked
            + ": no ids are to be had: add a line such as "
            + names.getLast()
            + ":100000:65536 to both /etc/subuid and /etc/subgid");
  }

  /// So many ids in a row, nobody else's until the container is removed.
  ///
  /// @throws Fault.Failed if none are left
  IdMapping take(ContainerId id, long size) throws IOException {
    SubordinateIds users = SubordinateIds.read(SubordinateIds.USERS);
    SubordinateIds groups = SubordinateIds.read(SubordinateIds.GROUPS);
    synchronized (begun) {
      List<IdMapping> taken =
          new ArrayList<>(
              containers.all().stream()
                  .flatMap(
                      container -> Stream.ofNullable(UserNamespaces.mapping(container.record())))
                  .toList());
      taken.addAll(begun.values());
      if (shared != null) {
        taken.add(shared);
      }
      IdMapping mapping =
          new IdMapping(
              List.of(free(users, taken, IdMapping::users, size, SubordinateIds.USERS)),
              List.of(free(groups, taken, IdMapping::groups, size, SubordinateIds.GROUPS)));
      begun.put(id, mapping);
      return mapping;
    }
  }

  private static Range free(
      SubordinateIds ids,
      List<IdMapping> taken,
      Function<IdMapping, List<Range>> side,
      long size,
      Path file) {
    List<Span> all = USERS.stream().flatMap(user -> ids.of(user).stream()).toList();
    List<Span> used =
        taken.stream()
            .flatMap(mapping -> side.apply(mapping).stream())
            .map(range -> new Span(range.shown(), range.count()))
            .toList();
    Range free = SubordinateIds.free(all, used, size);
    if (free == null) {
      throw new Fault.Failed(
          "no "
              + size
              + " ids in a row are left for --userns=auto: remove containers that have some, say"
              + " --userns=auto:size=COUNT, or add a line such as djong:1000000:10000000 to "
              + file);
    }
    return free;
  }

  /// A container that was begun is known by now, or never will be. Idempotent.
  void known(ContainerId id) {
    synchronized (begun) {
      begun.remove(id);
    }
  }
}
