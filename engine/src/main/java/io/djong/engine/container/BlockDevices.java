package io.djong.engine.container;

import io.djong.linux.FileKind;
import io.djong.linux.FileStatus;
import io.djong.linux.KernelException;
import io.djong.linux.Root;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.container.HostConfig;
import io.djong.model.container.HostConfig.DeviceRate;
import io.djong.model.container.HostConfig.DeviceWeight;
import io.djong.model.spec.LinuxResources.BlockIo;
import io.djong.model.spec.LinuxResources.Rate;
import io.djong.model.spec.LinuxResources.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a container may do with the machine's block devices, by their numbers.
final class BlockDevices {
  private BlockDevices() {}

  /// @return null if nothing is limited
  static @Nullable BlockIo of(HostConfig host, Machine machine) throws IOException {
    Integer weight =
        host.blkioWeight() > 0 && machine.ioWeights() ? Integer.valueOf(host.blkioWeight()) : null;
    List<Weight> weights = new ArrayList<>();
    for (DeviceWeight device : or(host.blkioWeightDevice())) {
      if (machine.ioWeights()) {
        FileStatus status = device(device.path());
        weights.add(new Weight(status.deviceMajor(), status.deviceMinor(), device.weight()));
      }
    }
    BlockIo limits =
        new BlockIo(
            weight,
            weights,
            rates(host.blkioDeviceReadBps()),
            rates(host.blkioDeviceWriteBps()),
            rates(host.blkioDeviceReadIOps()),
            rates(host.blkioDeviceWriteIOps()));
    return limits.equals(BlockIo.NONE) ? null : limits;
  }

  private static List<Rate> rates(@Nullable List<DeviceRate> asked) throws IOException {
    List<Rate> all = new ArrayList<>();
    for (DeviceRate device : or(asked)) {
      FileStatus status = device(device.path());
      all.add(new Rate(status.deviceMajor(), status.deviceMinor(), device.rate()));
    }
    return List.copyOf(all);
  }

  private static <T> List<T> or(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static FileStatus device(String path) throws IOException {
    FileStatus status;
    try (Root host = Root.open(Path.of("/"))) {
      status = host.stat(RawPath.of(path));
    } catch (KernelException e) {
      throw new Fault.Invalid("block device \"" + path + "\": no such file or directory", e);
    }
    if (status.kind() != FileKind.BLOCK_DEVICE) {
      throw new Fault.Invalid("\"" + path + "\" is not a block device");
    }
    return status;
  }
}
