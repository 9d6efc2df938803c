package io.djong.api;

import io.djong.model.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes answers as Docker's engine does: which property is left out where it is empty, and which
/// is an empty text, an empty list or null instead, is part of the API for clients that do not
/// declare its shapes. Safe for use by several threads.
public final class AnswerJson {
  /// What is particular to some properties, named by their paths; lists count for nothing in a
  /// path.
  ///
  /// @param omitted left out where null, empty or false
  /// @param texts an empty text where null
  /// @param nulls null where empty
  /// @param added present always, with this value where djong knows none
  private record Shape(
      Set<String> omitted, Set<String> texts, Set<String> nulls, Map<String, Object> added) {
    Shape below(String path) {
      String dotted = path + ".";
      return new Shape(
          prefixed(omitted, dotted), prefixed(texts, dotted), prefixed(nulls, dotted), Map.of());
    }

    Shape and(Shape other) {
      return new Shape(
          union(omitted, other.omitted),
          union(texts, other.texts),
          union(nulls, other.nulls),
          added);
    }

    private static Set<String> prefixed(Set<String> paths, String prefix) {
      Set<String> all = new HashSet<>();
      paths.forEach(path -> all.add(prefix + path));
      return Set.copyOf(all);
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
      Set<String> all = new HashSet<>(a);
      all.addAll(b);
      return Set.copyOf(all);
    }
  }

  private static final Shape CONTAINER_SUMMARY =
      new Shape(
          Set.of(
              "SizeRw",
              "SizeRootFs",
              "HostConfig.Annotations",
              "Mounts.Name",
              "Mounts.Driver",
              "Ports.IP",
              "Ports.PublicPort"),
          Set.of(),
          Set.of(),
          Map.of());

  private static final Shape IMAGE_SUMMARY =
      new Shape(Set.of("VirtualSize"), Set.of(), Set.of("Labels"), Map.of());

  private static final Shape VOLUME =
      new Shape(Set.of("UsageData"), Set.of(), Set.of("Labels", "Options"), Map.of());

  private static final Map<Class<?>, Shape> SHAPES =
      Map.of(
          ContainerInspect.class,
          new Shape(
              Set.of(
                  "State.Health",
                  "SizeRw",
                  "SizeRootFs",
                  "Mounts.Name",
                  "Mounts.Driver",
                  "HostConfig.Mounts",
                  "HostConfig.Annotations",
                  "HostConfig.StorageOpt",
                  "HostConfig.Tmpfs",
                  "HostConfig.Sysctls",
                  "HostConfig.Init",
                  "Config.ExposedPorts",
                  "Config.Healthcheck",
                  "Config.ArgsEscaped",
                  "Config.NetworkDisabled",
                  "Config.MacAddress",
                  "Config.StopSignal",
                  "Config.StopTimeout",
                  "Config.Shell"),
              Set.of(
                  "HostConfig.ContainerIDFile",
                  "HostConfig.VolumeDriver",
                  "HostConfig.CgroupnsMode",
                  "HostConfig.IpcMode",
                  "HostConfig.Cgroup",
                  "HostConfig.PidMode",
                  "HostConfig.UTSMode",
                  "HostConfig.UsernsMode",
                  "HostConfig.Runtime",
                  "HostConfig.Isolation",
                  "HostConfig.CgroupParent",
                  "HostConfig.CpusetCpus",
                  "HostConfig.CpusetMems",
                  "Config.Hostname",
                  "Config.Domainname",
                  "Config.User",
                  "Config.WorkingDir"),
              Set.of("Config.Volumes", "ExecIDs"),
              Map.of(
                  "HostConfig.BlkioWeightDevice", List.of(),
                  "HostConfig.BlkioDeviceReadBps", List.of(),
                  "HostConfig.BlkioDeviceWriteBps", List.of(),
                  "HostConfig.BlkioDeviceReadIOps", List.of(),
                  "HostConfig.BlkioDeviceWriteIOps", List.of(),
                  "HostConfig.CpuCount", 0,
                  "HostConfig.CpuPercent", 0,
                  "HostConfig.IOMaximumIOps", 0,
                  "HostConfig.IOMaximumBandwidth", 0,
                  "HostConfig.ConsoleSize", List.of(0, 0))),
          ContainerSummary.class,
          CONTAINER_SUMMARY,
          ImageInspect.class,
          new Shape(
              Set.of(
                  "Variant",
                  "OsVersion",
                  "VirtualSize",
                  "Config.ExposedPorts",
                  "Config.Healthcheck",
                  "Config.ArgsEscaped",
                  "Config.StopSignal",
                  "Config.StopTimeout",
                  "Config.Shell"),
              Set.of("Config.User", "Config.WorkingDir"),
              Set.of("Config.Volumes", "Config.Labels", "Config.Env"),
              Map.of()),
          ImageSummary.class,
          IMAGE_SUMMARY,
          VolumeInspect.class,
          VOLUME,
          VolumeList.class,
          VOLUME.below("Volumes"),
          ImageRemoval.class,
          new Shape(Set.of("Untagged", "Deleted"), Set.of(), Set.of(), Map.of()),
          ContainerWait.class,
          new Shape(Set.of("Error"), Set.of(), Set.of(), Map.of()),
          DiskUsage.class,
          CONTAINER_SUMMARY
              .below("Containers")
              .and(IMAGE_SUMMARY.below("Images"))
              .and(VOLUME.below("Volumes")),
          NetworkInspect.class,
          new Shape(Set.of("IPAM.Config.Gateway"), Set.of(), Set.of(), Map.of()));

  private AnswerJson() {}

  /// Writes an answer, or a list of answers of one kind, as UTF-8 JSON without line breaks.
  public static byte[] write(Object answer) {
    Object sample = answer instanceof List<?> list && !list.isEmpty() ? list.getFirst() : answer;
    Shape shape = SHAPES.get(sample.getClass());
    byte[] complete = Json.full().write(answer);
    if (shape == null) {
      return complete;
    }
    return Json.full().write(shaped("", Json.full().readTree(complete), shape));
  }

  private static Object shaped(String path, Object value, Shape shape) {
    return switch (value) {
      case Map<?, ?> object -> shapedObject(path, object, shape);
      case List<?> list -> {
        List<@Nullable Object> all = new ArrayList<>(list.size());
        for (Object each : list) {
          all.add(each == null ? null : shaped(path, each, shape));
        }
        yield all;
      }
      default -> value;
    };
  }

  private static Map<String, @Nullable Object> shapedObject(
      String path, Map<?, ?> object, Shape shape) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    object.forEach(
        (name, value) -> {
          String here = path.isEmpty() ? (String) name : path + "." + name;
          if (shape.omitted.contains(here) && isEmpty(value)) {
            return;
          }
          if (shape.nulls.contains(here) && isEmpty(value)) {
            all.put((String) name, null);
          } else if (value == null) {
            all.put((String) name, shape.texts.contains(here) ? "" : shape.added.get(here));
          } else {
            all.put((String) name, shaped(here, value, shape));
          }
        });
    shape.added.forEach(
        (added, value) -> {
          int dot = added.lastIndexOf('.');
          if (added.substring(0, Math.max(dot, 0)).equals(path)) {
            all.putIfAbsent(added.substring(dot + 1), value);
          }
        });
    return all;
  }

  private static boolean isEmpty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case Boolean truth -> !truth;
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }
}
