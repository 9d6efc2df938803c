package io.djong.model.spec;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Limits of a control group (OCI runtime specification, Control groups). Absent means no limit.
@Json
public record LinuxResources(
    List<DeviceRule> devices,
    @Nullable Memory memory,
    @Nullable Cpu cpu,
    @Nullable Pids pids,
    @Nullable BlockIo blockIO) {

  /// An absent major or minor number means all of them. `access` is of `r`, `w` and `m`.
  @Json
  public record DeviceRule(
      boolean allow,
      @Nullable String type,
      @Nullable Long major,
      @Nullable Long minor,
      String access) {}

  /// In bytes; `swap` counts memory and swap together, -1 is no limit.
  @Json
  public record Memory(
      @Nullable Long limit,
      @Nullable Long reservation,
      @Nullable Long swap,
      @Nullable Long swappiness,
      @Nullable Boolean disableOOMKiller) {}

  /// Times in microseconds.
  @Json
  public record Cpu(
      @Nullable Long shares,
      @Nullable Long quota,
      @Nullable Long period,
      @Nullable String cpus,
      @Nullable String mems) {}

  @Json
  public record Pids(long limit) {}

  @Json
  public record BlockIo(
      @Nullable Integer weight,
      List<Weight> weightDevice,
      List<Rate> throttleReadBpsDevice,
      List<Rate> throttleWriteBpsDevice,
      List<Rate> throttleReadIOPSDevice,
      List<Rate> throttleWriteIOPSDevice) {
    public static final BlockIo NONE =
        new BlockIo(null, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  @Json
  public record Weight(long major, long minor, int weight) {}

  /// In bytes or operations a second.
  @Json
  public record Rate(long major, long minor, long rate) {}
}
