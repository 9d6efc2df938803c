package io.djong.engine.container;

import io.djong.linux.IdMapping;
import io.djong.linux.UserNamespace;
import io.djong.model.ContainerId;
import io.djong.model.Fault;
import io.djong.model.container.HostConfig;
import io.djong.model.record.ContainerRecord;
import io.djong.runtime.ContainerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which ids of the host containers have: their own, those that all are mapped to
/// (`--userns-remap`), or a range of each one's (`--userns=auto`). What a container got stays its
/// own until it is removed. Safe for use by several threads.
final class UserNamespaces {
  /// So that `nobody` has a place.
  private static final long USUAL_SIZE = 65536;

  private static final String AUTO = "auto";

  private final ContainerRegister containers;
  private final @Nullable IdMapping remap;
  private final IdPool pool;

  private UserNamespaces(ContainerRegister containers, @Nullable IdMapping remap) {
    this.containers = containers;
    this.remap = remap;
    this.pool = new IdPool(containers, remap);
  }

  /// @param user whose ids all containers get, `default` or `USER[:GROUP]`; null for their own
  /// @throws Fault.Invalid if the machine lets that user hand on no ids
  static UserNamespaces open(ContainerRegister containers, @Nullable String user)
      throws IOException {
    return new UserNamespaces(containers, user == null ? null : IdPool.of(user));
  }

  /// Decides which ids a new container gets.
  ///
  /// @param rollback gets what gives them back
  /// @return its mapping; null for the host's own ids
  /// @throws Fault.Invalid in Docker's words for what a container in a user namespace may not share
  /// @throws Fault.Failed if no range is left
  @Nullable IdMapping assign(ContainerId id, HostConfig host, Rollback rollback)
      throws IOException {
    String mode = host.usernsMode() == null ? "" : host.usernsMode();
    Shared shared = shared(host);
    if (mode.isEmpty()) {
      IdMapping mapping = shared == null ? remap : shared.mapping();
      if (mapping == null && remap != null) {
        throw new Fault.Invalid(
            "container "
                + (shared == null ? "" : shared.name())
                + " is in no user namespace: share its namespaces with --userns=host");
      }
      return checked(mapping, host);
    }
    if (mode.equals("host")) {
      if (shared != null && shared.mapping() != null) {
        throw new Fault.Invalid(
            "container "
                + shared.name()
                + " is in a user namespace: who shares its namespaces cannot have --userns=host");
      }
      return null;
    }
    long size = size(mode);
    if (shared != null) {
      throw new Fault.Invalid(
          "--userns=auto gives ids of its own, so the container cannot share namespaces of container "
              + shared.name());
    }
    check(host);
    IdMapping mapping = pool.take(id, size);
    rollback.add(() -> known(id));
    return mapping;
  }

  /// Decides which ids a job gets.
  @Nullable IdMapping forJob(HostConfig host) {
    return checked(remap, host);
  }

  private static @Nullable IdMapping checked(@Nullable IdMapping mapping, HostConfig host) {
    if (mapping != null) {
      check(host);
    }
    return mapping;
  }

  private static void check(HostConfig host) {
    if (host.privileged()) {
      throw new Fault.Invalid(
          "privileged mode is incompatible with user namespaces.  You must run the container in"
              + " the host namespace when running privileged mode");
    }
    if (host.networkMode().equals("host")) {
      throw new Fault.Invalid(
          "cannot share the host's network namespace when user namespaces are enabled");
    }
    if ("host".equals(host.pidMode())) {
      throw new Fault.Invalid(
          "cannot share the host PID namespace when user namespaces are enabled");
    }
  }

  /// `auto`, or `auto:size=COUNT`.
  private static long size(String mode) {
    if (mode.equals(AUTO)) {
      return USUAL_SIZE;
    }
    if (!mode.startsWith(AUTO + ":")) {
      throw new Fault.Unsupported(
          "user namespace mode \"" + mode + "\" is not supported by djong: want host or auto");
    }
    String size = mode.substring(AUTO.length() + 1);
    try {
      long count = size.startsWith("size=") ? Long.parseLong(size.substring(5)) : 0;
      if (count > 0 && count <= 0xffff_ffffL) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new Fault.Invalid(
        "invalid user namespace mode \"" + mode + "\": want auto or auto:size=COUNT");
  }

  /// A container that was begun is known by now, or never will be. Idempotent.
  void known(ContainerId id) {
    pool.known(id);
  }

  /// The mapping in a container's record.
  static @Nullable IdMapping mapping(ContainerRecord container) {
    String kept = container.idMap();
    return kept == null ? null : OwnerMapping.parse(kept);
  }

  /// Opens a container's user namespace for a start: a new one, or that of the container whose
  /// other namespaces it shares.
  ///
  /// @return null if it has none
  /// @throws Fault.Conflict if it has another one than the container whose namespaces it shares
  @Nullable UserNamespace open(ContainerRecord container) throws IOException {
    IdMapping mapping = mapping(container);
    Container running = null;
    for (Container other : others(container.host())) {
      if (!Objects.equals(other.record().idMap(), container.idMap())) {
        throw new Fault.Conflict(
            "container "
                + other.name()
                + " has other ids than container "
                + container.name()
                + ", which shares its namespaces: create the latter anew");
      }
      running = other.isRunning() ? other : running;
    }
    if (mapping == null) {
      return null;
    }
    return running == null ? UserNamespace.create(mapping) : of(running, mapping);
  }

  private static UserNamespace of(Container running, IdMapping mapping) throws IOException {
    UserNamespace opened =
        UserNamespace.open(
            Path.of("/proc", Integer.toString(running.life().pid()), "ns/user"), mapping);
    ContainerProcess process = running.process();
    if (process != null && process.signal(0)) {
      return opened;
    }
    // The number may be another process's by now, and the namespace the host's.
    opened.close();
    throw new Fault.Conflict("container " + running.name() + " has just ended: start it again");
  }

  /// The container whose namespaces a new one shares, and its ids.
  private record Shared(String name, @Nullable IdMapping mapping) {}

  private @Nullable Shared shared(HostConfig host) {
    Container first = null;
    for (Container other : others(host)) {
      if (first != null && !Objects.equals(first.record().idMap(), other.record().idMap())) {
        throw new Fault.Invalid(
            "containers "
                + first.name()
                + " and "
                + other.name()
                + " are not in the same user namespace: share the namespaces of one of them");
      }
      first = other;
    }
    return first == null ? null : new Shared(first.name(), mapping(first.record()));
  }

  /// The containers whose namespaces one asks for, as far as they are there: who looks for the
  /// others says so.
  private List<Container> others(HostConfig host) {
    List<Container> all = new ArrayList<>();
    for (String mode :
        List.of(
            host.networkMode(), String.valueOf(host.pidMode()), String.valueOf(host.ipcMode()))) {
      if (SharedNamespaces.isOther(mode)) {
        try {
          all.add(containers.find(mode.substring(mode.indexOf(':') + 1)));
        } catch (Fault.NotFound _) {
          // Told elsewhere.
        }
      }
    }
    return all;
  }
}
