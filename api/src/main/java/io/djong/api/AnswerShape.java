package io.djong.api;

import static java.util.Map.entry;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is particular to some properties, named by their paths; lists count for nothing in a path.
///
/// @param omitted left out where null, empty or false
/// @param texts an empty text where null
/// @param nulls null where empty
/// @param added present always, with this value where djong knows none
record AnswerShape(
    Set<String> omitted, Set<String> texts, Set<String> nulls, Map<String, Object> added) {

  private static final AnswerShape CONTAINER_SUMMARY =
      new AnswerShape(
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

  private static final AnswerShape IMAGE_SUMMARY =
      new AnswerShape(Set.of("VirtualSize"), Set.of(), Set.of("Labels"), Map.of());

  private static final AnswerShape IMAGE_REMOVAL =
      new AnswerShape(Set.of("Untagged", "Deleted"), Set.of(), Set.of(), Map.of());

  private static final AnswerShape VOLUME =
      new AnswerShape(Set.of("UsageData"), Set.of(), Set.of("Labels", "Options"), Map.of());

  private static final Map<Class<?>, AnswerShape> SHAPES =
      Map.ofEntries(
          entry(
              ContainerInspect.class,
              new AnswerShape(
                  Set.of(
                      "IDMappings",
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
                      "HostConfig.ConsoleSize", List.of(0, 0)))),
          entry(ContainerSummary.class, CONTAINER_SUMMARY),
          entry(
              ImageInspect.class,
              new AnswerShape(
                  Set.of(
                      "Variant",
                      "OsVersion",
                      "VirtualSize",
                      "ContainerConfig",
                      "Config.ExposedPorts",
                      "Config.Healthcheck",
                      "Config.ArgsEscaped",
                      "Config.StopSignal",
                      "Config.StopTimeout",
                      "Config.Shell"),
                  Set.of("Config.User", "Config.WorkingDir"),
                  Set.of("Config.Volumes", "Config.Labels", "Config.Env"),
                  Map.of())),
          entry(ImageSummary.class, IMAGE_SUMMARY),
          entry(VolumeInspect.class, VOLUME),
          entry(VolumeList.class, VOLUME.below("Volumes")),
          entry(ImageRemoval.class, IMAGE_REMOVAL),
          entry(ImagesPruned.class, IMAGE_REMOVAL.below("ImagesDeleted")),
          entry(
              ContainerWait.class, new AnswerShape(Set.of("Error"), Set.of(), Set.of(), Map.of())),
          entry(
              DiskUsage.class,
              CONTAINER_SUMMARY
                  .below("Containers")
                  .and(IMAGE_SUMMARY.below("Images"))
                  .and(VOLUME.below("Volumes"))),
          entry(
              VersionAnswer.class,
              new AnswerShape(Set.of("Experimental"), Set.of(), Set.of(), Map.of())),
          entry(
              NetworkInspect.class,
              new AnswerShape(
                  Set.of(
                      "IPAM.Config.Gateway",
                      "IPAM.Config.IPRange",
                      "IPAM.Config.AuxiliaryAddresses"),
                  Set.of(),
                  Set.of(),
                  Map.of())));

  /// The shape of an answer's class; null if there is nothing particular about it.
  static @Nullable AnswerShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  AnswerShape below(String path) {
    String dotted = path + ".";
    return new AnswerShape(
        prefixed(omitted, dotted), prefixed(texts, dotted), prefixed(nulls, dotted), Map.of());
  }

  AnswerShape and(AnswerShape other) {
    return new AnswerShape(
        union(omitted, other.omitted), union(texts, other.texts), union(nulls, other.nulls), added);
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
