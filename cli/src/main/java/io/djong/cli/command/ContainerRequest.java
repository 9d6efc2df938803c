package io.djong.cli.command;

import io.djong.api.StreamOptions;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The container that the flags of `run` and `create` ask for, as the Engine API takes it. Only
/// what was asked for is in it; the engine knows the defaults.
final class ContainerRequest {
  private final Given given;
  private final Map<String, Object> config = new LinkedHashMap<>();
  private final Map<String, Object> host = new LinkedHashMap<>();
  private final Map<String, Object> endpoints = new LinkedHashMap<>();

  private ContainerRequest(Given given) {
    this.given = given;
  }

  static void declare(Flags flags) {
    flags
        .value("add-host", "", "list", "Add a custom host-to-IP mapping (host:ip)")
        .value("annotation", "", "map", "Add an annotation to the container")
        .value("attach", "a", "list", "Attach to STDIN, STDOUT or STDERR")
        .value("cap-add", "", "list", "Add Linux capabilities")
        .value("cap-drop", "", "list", "Drop Linux capabilities")
        .value("cgroup-parent", "", "string", "Optional parent cgroup for the container")
        .value("cgroupns", "", "string", "Cgroup namespace to use (host|private)")
        .value("cidfile", "", "string", "Write the container ID to the file")
        .value("device", "", "list", "Add a host device to the container")
        .value("device-cgroup-rule", "", "list", "Add a rule to the cgroup allowed devices list")
        .value("dns", "", "list", "Set custom DNS servers")
        .value("dns-option", "", "list", "Set DNS options")
        .value("dns-search", "", "list", "Set custom DNS search domains")
        .value("domainname", "", "string", "Container NIS domain name")
        .value("entrypoint", "", "string", "Overwrite the default ENTRYPOINT of the image")
        .value("env", "e", "list", "Set environment variables")
        .value("env-file", "", "list", "Read in a file of environment variables")
        .value("expose", "", "list", "Expose a port or a range of ports")
        .value("group-add", "", "list", "Add additional groups to join")
        .value("hostname", "h", "string", "Container host name")
        .toggle(
            "init",
            "",
            "Run an init inside the container that forwards signals and reaps processes")
        .toggle("interactive", "i", "Keep STDIN open even if not attached")
        .value("ip", "", "string", "IPv4 address (e.g., 172.30.100.104)")
        .value("ip6", "", "string", "IPv6 address (e.g., 2001:db8::33)")
        .value("ipc", "", "string", "IPC mode to use")
        .value("publish-from", "", "list", "Who may come to the published ports (CIDR)")
        .value("label", "l", "list", "Set meta data on a container")
        .value("label-file", "", "list", "Read in a line delimited file of labels")
        .value("link", "", "list", "Add link to another container")
        .value("log-driver", "", "string", "Logging driver for the container")
        .value("log-opt", "", "list", "Log driver options")
        .value("mac-address", "", "string", "Container MAC address (e.g., 92:d0:c6:0a:29:33)")
        .value("mount", "", "mount", "Attach a filesystem mount to the container")
        .value("name", "", "string", "Assign a name to the container")
        .value("net", "", "network", "Same as --network")
        .value("network", "", "network", "Connect a container to a network")
        .value("network-alias", "", "list", "Add network-scoped alias for the container")
        .toggle("oom-kill-disable", "", "Disable OOM Killer")
        .value("oom-score-adj", "", "int", "Tune host's OOM preferences (-1000 to 1000)")
        .value("pid", "", "string", "PID namespace to use")
        .value("platform", "", "string", "Set platform if server is multi-platform capable")
        .toggle("privileged", "", "Give extended privileges to this container")
        .value("publish", "p", "list", "Publish a container's port(s) to the host")
        .toggle("publish-all", "P", "Publish all exposed ports to random ports")
        .value(
            "pull", "", "string", "Pull image before running (missing and never are the same here)")
        .toggle("quiet", "q", "Suppress the pull output")
        .toggle("read-only", "", "Mount the container's root filesystem as read only")
        .toggle("rm", "", "Automatically remove the container when it exits")
        .value("runtime", "", "string", "Runtime to use for this container")
        .value("security-opt", "", "list", "Security Options")
        .value("shm-size", "", "bytes", "Size of /dev/shm")
        .value("stop-signal", "", "string", "Signal to stop the container")
        .value("stop-timeout", "", "int", "Timeout (in seconds) to stop a container")
        .value("storage-opt", "", "map", "Storage driver options for the container")
        .value("sysctl", "", "map", "Sysctl options")
        .value("tmpfs", "", "list", "Mount a tmpfs directory")
        .toggle("tty", "t", "Allocate a pseudo-TTY")
        .value("ulimit", "", "ulimit", "Ulimit options")
        .value("user", "u", "string", "Username or UID (format: <name|uid>[:<group|gid>])")
        .value("userns", "", "string", "User namespace to use")
        .value("uts", "", "string", "UTS namespace to use")
        .value("volume", "v", "list", "Bind mount a volume")
        .value("volume-driver", "", "string", "Optional volume driver for the container")
        .value("volumes-from", "", "list", "Mount volumes from the specified container(s)")
        .value("workdir", "w", "string", "Working directory inside the container");
    HealthFlags.declare(flags);
    LimitFlags.declareForNew(flags);
    RestartFlag.declare(flags);
  }

  /// The body of `POST /containers/create`.
  ///
  /// @param streams which of ours to attach; none for a container in the background
  /// @throws UsageException if a flag's value cannot be
  static byte[] of(Given given, StreamOptions streams) throws IOException {
    ContainerRequest request = new ContainerRequest(given);
    request.process(streams);
    request.storage();
    request.networks();
    request.limits();
    request.host.put("Privileged", given.is("privileged"));
    return request.json();
  }

  private void process(StreamOptions streams) throws IOException {
    config.put("Image", given.argument(0));
    list(config, "Cmd", given.argumentsFrom(1));
    String entrypoint = given.text("entrypoint");
    if (entrypoint != null) {
      config.put("Entrypoint", List.of(entrypoint));
    }
    config.put("Tty", given.is("tty"));
    config.put("OpenStdin", given.is("interactive"));
    config.put("StdinOnce", streams.stdin());
    config.put("AttachStdin", streams.stdin());
    config.put("AttachStdout", streams.stdout());
    config.put("AttachStderr", streams.stderr());
    list(config, "Env", Environment.of(given));
    text(config, "User", "user");
    text(config, "WorkingDir", "workdir");
    text(config, "StopSignal", "stop-signal");
    number(config, "StopTimeout", "stop-timeout");
    labels();
    Map<String, Object> check = HealthFlags.of(given);
    if (check != null) {
      config.put("Healthcheck", check);
    }
    if (given.has("init")) {
      host.put("Init", given.is("init"));
    }
    host.put("AutoRemove", given.is("rm"));
    RestartFlag.put(given, host);
    text(host, "Runtime", "runtime");
    list(host, "CapAdd", given.all("cap-add"));
    list(host, "CapDrop", given.all("cap-drop"));
    list(host, "GroupAdd", given.all("group-add"));
    list(host, "SecurityOpt", securityOptions());
    map(host, "StorageOpt", Pairs.map(given.all("storage-opt")));
    list(host, "DeviceCgroupRules", given.all("device-cgroup-rule"));
    annotations();
    map(host, "Sysctls", Pairs.map(given.all("sysctl")));
    text(host, "IpcMode", "ipc");
    text(host, "PidMode", "pid");
    text(host, "UTSMode", "uts");
    text(host, "UsernsMode", "userns");
    text(host, "CgroupnsMode", "cgroupns");
    text(host, "CgroupParent", "cgroup-parent");
    if (given.has("log-driver") || given.has("log-opt")) {
      Map<String, Object> log = new LinkedHashMap<>();
      log.put("Type", given.text("log-driver", ""));
      log.put("Config", Pairs.map(given.all("log-opt")));
      host.put("LogConfig", log);
    }
  }

  private void annotations() {
    Map<String, String> annotations = new LinkedHashMap<>(Pairs.map(given.all("annotation")));
    if (!given.all("publish-from").isEmpty()) {
      annotations.put("io.djong.publish-from", String.join(",", given.all("publish-from")));
    }
    String onFailure = given.text("health-on-failure");
    if (onFailure != null) {
      annotations.put(HealthFlags.ON_FAILURE, onFailure);
    }
    map(host, "Annotations", annotations);
  }

  private void labels() throws IOException {
    List<String> labels = new ArrayList<>();
    for (String file : given.all("label-file")) {
      for (String line : Files.readAllLines(Path.of(file))) {
        if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
          labels.add(line.stripLeading());
        }
      }
    }
    labels.addAll(given.all("label"));
    map(config, "Labels", Pairs.map(labels));
  }

  /// The engine takes a profile's text, not the name of a file of ours.
  private List<String> securityOptions() throws IOException {
    List<String> options = new ArrayList<>();
    for (String option : given.all("security-opt")) {
      String value = option.startsWith("seccomp=") ? option.substring(8) : "";
      if (option.equals("systempaths=unconfined")) {
        host.put("MaskedPaths", List.of());
        host.put("ReadonlyPaths", List.of());
      } else if (value.isEmpty() || value.equals("unconfined") || value.equals("builtin")) {
        options.add(option);
      } else {
        options.add("seccomp=" + Files.readString(Path.of(value)));
      }
    }
    return options;
  }

  private void storage() {
    MountFlags mounts = MountFlags.of(given);
    map(config, "Volumes", mounts.anonymous());
    list(host, "Binds", mounts.binds());
    list(host, "Mounts", mounts.mounts());
    map(host, "Tmpfs", mounts.tmpfs());
    list(host, "VolumesFrom", given.all("volumes-from"));
    text(host, "VolumeDriver", "volume-driver");
    host.put("ReadonlyRootfs", given.is("read-only"));
    List<Object> devices = new ArrayList<>();
    for (String device : given.all("device")) {
      String[] parts = device.split(":", 3);
      Map<String, Object> one = new LinkedHashMap<>();
      boolean permissions = parts.length == 2 && !parts[1].startsWith("/");
      one.put("PathOnHost", parts[0]);
      one.put("PathInContainer", parts.length == 1 || permissions ? parts[0] : parts[1]);
      one.put("CgroupPermissions", parts.length == 3 ? parts[2] : permissions ? parts[1] : "rwm");
      devices.add(one);
    }
    list(host, "Devices", devices);
  }

  private void networks() {
    NetworkFlags networks = NetworkFlags.of(given);
    host.put("NetworkMode", networks.mode());
    endpoints.putAll(networks.endpoints());
    list(host, "Links", given.all("link"));
    text(config, "Hostname", "hostname");
    text(config, "Domainname", "domainname");
    text(config, "MacAddress", "mac-address");
    list(host, "Dns", given.all("dns"));
    list(host, "DnsOptions", given.all("dns-option"));
    list(host, "DnsSearch", given.all("dns-search"));
    list(host, "ExtraHosts", given.all("add-host"));
    host.put("PublishAllPorts", given.is("publish-all"));
    PublishedPorts ports = PublishedPorts.of(given.all("publish"), given.all("expose"));
    map(config, "ExposedPorts", ports.exposed());
    map(host, "PortBindings", ports.bindings());
  }

  private void limits() {
    host.putAll(LimitFlags.ofNew(given));
    bytes("ShmSize", "shm-size");
    number(host, "OomScoreAdj", "oom-score-adj");
    if (given.is("oom-kill-disable")) {
      host.put("OomKillDisable", true);
    }
    List<Object> ulimits = new ArrayList<>();
    for (String ulimit : given.all("ulimit")) {
      ulimits.add(ulimit(ulimit));
    }
    list(host, "Ulimits", ulimits);
  }

  private static Map<String, Object> ulimit(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':', equals);
    try {
      long soft = Long.parseLong(text.substring(equals + 1, colon < 0 ? text.length() : colon));
      Map<String, Object> ulimit = new LinkedHashMap<>();
      ulimit.put("Name", text.substring(0, equals));
      ulimit.put("Soft", soft);
      ulimit.put("Hard", colon < 0 ? soft : Long.parseLong(text.substring(colon + 1)));
      return ulimit;
    } catch (NumberFormatException | StringIndexOutOfBoundsException _) {
      throw Given.invalid("ulimit", text, "want name=soft[:hard]");
    }
  }

  private byte[] json() {
    Map<String, Object> body = new LinkedHashMap<>(config);
    body.put("HostConfig", host);
    if (!endpoints.isEmpty()) {
      body.put("NetworkingConfig", Map.of("EndpointsConfig", endpoints));
    }
    return Json.full().write(body);
  }

  private void text(Map<String, Object> into, String property, String flag) {
    String text = given.text(flag);
    if (text != null) {
      into.put(property, text);
    }
  }

  private void number(Map<String, Object> into, String property, String flag) {
    Integer number = given.number(flag);
    if (number != null) {
      into.put(property, number);
    }
  }

  private void bytes(String property, String flag) {
    if (given.has(flag)) {
      host.put(property, given.bytes(flag));
    }
  }

  private static void list(Map<String, Object> into, String property, List<?> list) {
    if (!list.isEmpty()) {
      into.put(property, list);
    }
  }

  private static void map(Map<String, Object> into, String property, Map<String, ?> map) {
    if (!map.isEmpty()) {
      into.put(property, map);
    }
  }
}
