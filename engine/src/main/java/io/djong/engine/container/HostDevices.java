package io.djong.engine.container;

import io.djong.engine.container.RuntimeSpecs.HostDevice;
import io.djong.linux.FileKind;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.Device;
import io.djong.model.spec.LinuxSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The host's devices that a container may use: those it names, or all if it is privileged.
final class HostDevices {
  private static final Path FOLDER = Path.of("/dev");

  /// What a container has of its own.
  private static final Set<String> OWN =
      Set.of("console", "pts", "ptmx", "shm", "mqueue", "fd", "stdin", "stdout", "stderr", "log");

  /// What the runtime makes in every container.
  private static final Set<String> DEFAULT =
      Set.of("null", "zero", "full", "random", "urandom", "tty");

  private HostDevices() {}

  static List<HostDevice> of(HostConfig host) throws IOException {
    List<HostDevice> all = new ArrayList<>();
    if (host.privileged()) {
      try (Root dev = Root.open(FOLDER)) {
        addAll(dev, RawPath.ROOT, all);
      }
    }
    for (Device device : host.devices() == null ? List.<Device>of() : host.devices()) {
      all.add(named(device));
    }
    return List.copyOf(all);
  }

  private static void addAll(Root dev, RawPath folder, List<HostDevice> all) throws IOException {
    for (RawPath name : dev.list(folder)) {
      if (folder.isRoot() && (OWN.contains(name.toString()) || DEFAULT.contains(name.toString()))) {
        continue;
      }
      RawPath path = folder.resolve(name);
      FileStatus status = dev.find(path);
      if (status != null && status.isFolder()) {
        addAll(dev, path, all);
      } else if (status != null && isDevice(status)) {
        all.add(device("/dev/" + path, status, "rwm"));
      }
    }
  }

  private static HostDevice named(Device device) throws IOException {
    String path = device.pathOnHost();
    FileStatus status;
    try (Root host = Root.open(Path.of("/"))) {
      status = host.stat(RawPath.of(path));
    } catch (KernelException e) {
      throw new Fault.Failed(
          "error gathering device information while adding custom device \""
              + path
              + "\": no such file or directory",
          e);
    }
    if (!isDevice(status)) {
      throw new Fault.Failed(
          "error gathering device information while adding custom device \""
              + path
              + "\": not a device node");
    }
    String access = access(device.cgroupPermissions());
    String inside = device.pathInContainer();
    return device(inside.isEmpty() ? path : inside, status, access);
  }

  private static String access(@Nullable String asked) {
    if (asked == null || asked.isEmpty()) {
      return "rwm";
    }
    for (int i = 0; i < asked.length(); i++) {
      if ("rwm".indexOf(asked.charAt(i)) < 0) {
        throw new Fault.Invalid("invalid device mode: " + asked);
      }
    }
    return asked;
  }

  private static boolean isDevice(FileStatus status) {
    return status.kind() == FileKind.CHARACTER_DEVICE || status.kind() == FileKind.BLOCK_DEVICE;
  }

  private static HostDevice device(String path, FileStatus status, String access) {
    return new HostDevice(
        new LinuxSpec.Device(
            path,
            status.kind() == FileKind.BLOCK_DEVICE ? "b" : "c",
            status.deviceMajor(),
            status.deviceMinor(),
            status.permissions(),
            status.uid(),
            status.gid()),
        access);
  }
}
