package io.djong.engine;

import java.util.List;
import java.util.Map;

/// What the engine is and what it runs on, for `info` and `version`.
public record SystemFacts(
    String id,
    String name,
    String kernelVersion,
    String operatingSystem,
    String osVersion,
    String architecture,
    int cpus,
    long memory,
    String cgroupDriver,
    String cgroupVersion,
    String storageDriver,
    Map<String, String> storageStatus,
    String dataRoot,
    Map<String, String> runtimes,
    String defaultRuntime,
    String runtimeVersion,
    String initBinary,
    List<String> securityOptions,
    boolean ipv4Forwarding,
    boolean memoryLimit,
    boolean swapLimit,
    boolean cpuLimits,
    boolean pidsLimit,
    List<String> warnings) {}
