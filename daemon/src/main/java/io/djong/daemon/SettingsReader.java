package io.djong.daemon;

import io.djong.engine.Publishing;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads how a daemon shall run: from a file where one is named, and from the command line, which
/// has the last word. The keys of the file are the names of the flags without their dashes; `hosts`
/// is a list. For one thread.
final class SettingsReader {
  static final String USAGE =
      """
      Usage: djong daemon [OPTIONS]

      Serves the Docker Engine API, in the foreground. Containers outlive it.

        --data-root DIR       what outlives a restart of the machine (default /var/lib/djong)
        --exec-root DIR       what does not (default /run/djong)
        -H, --host ADDRESS    where to listen; may be repeated (default unix:///run/djong.sock);
                              fd:// takes the sockets of a service manager
        --config FILE         settings as JSON; the command line has the last word
        --log-level LEVEL     debug, info, warn or error (default info)
        --runtime NAME        the OCI runtime: runc, crun, or a path
        --blob-cache SIZE     what packed layers may take that can be made again (default 1g)
        --storage-driver NAME erofs (layers are mounted) or overlay (layers are unpacked)
        --bridge NAME         the device of the default network
        --bip CIDR            that device's address, such as 172.17.0.1/16
        --ip ADDRESS          where ports are published whose address nobody named (default 0.0.0.0)
        --publish-from CIDRS  who may come to published ports, besides this machine, where a
                              container does not say (default: everybody)
        --userns-remap USER   root in containers is none on this machine: it gets the ids that
                              /etc/subuid and /etc/subgid give to this user, USER[:GROUP];
                              default is dockremap, or else djong
        --registry-mirror URL      asked for images of docker.io before it; may be repeated
        --insecure-registry HOST   may be plain HTTP, or show any certificate; a host, with its port
                                   if it has one, or a network; may be repeated
        --trust-policy FILE        which images may be pulled and run (containers-policy.json)
        --certs-dir DIR            one folder a registry: *.crt to trust, NAME.cert and NAME.key to
                                   show (default /etc/djong/certs.d and /etc/docker/certs.d)
        --insecure-tcp-i-know listen on TCP without TLS
      """;

  private static final int MAX_FILE = 1 << 20;

  private @Nullable Path dataRoot;
  private @Nullable Path execRoot;
  private @Nullable List<String> hosts;
  private @Nullable Level logLevel;
  private @Nullable String runtime;
  private Settings.@Nullable StorageDriver storageDriver;
  private @Nullable Long blobCache;
  private @Nullable String bridge;
  private @Nullable String bip;
  private @Nullable String ip;
  private @Nullable String publishFrom;
  private @Nullable String remap;
  private boolean insecureTcp;
  private final RegistryFlags registries = new RegistryFlags();

  private SettingsReader() {}

  /// @throws Fault.Invalid if a flag or key is unknown, or a value makes no sense
  static Settings read(List<String> arguments) throws IOException {
    SettingsReader flags = new SettingsReader();
    SettingsReader file = new SettingsReader();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      if (flag.equals("--insecure-tcp-i-know")) {
        flags.insecureTcp = true;
        continue;
      }
      String key = flag.equals("-H") ? "host" : flag.startsWith("--") ? flag.substring(2) : "";
      if (equals < 0 && ++i == arguments.size()) {
        flags.set(key, argument, ""); // An unknown flag is the better thing to tell of.
        throw new Fault.Invalid("flag needs a value: " + flag);
      }
      String value = equals < 0 ? arguments.get(i) : argument.substring(equals + 1);
      if (key.equals("config")) {
        file.readFile(Path.of(value));
      } else if (key.equals("host")) {
        flags.hosts = flags.hosts == null ? new ArrayList<>() : flags.hosts;
        flags.hosts.add(value);
      } else {
        flags.set(key, flag, value);
      }
    }
    return flags.over(file);
  }

  private void set(String key, String subject, String value) {
    switch (key) {
      case "data-root" -> dataRoot = folder(subject, value);
      case "exec-root" -> execRoot = folder(subject, value);
      case "log-level" -> logLevel = level(value);
      case "runtime" -> runtime = value;
      case "blob-cache" -> blobCache = size(subject, value);
      case "storage-driver" -> storageDriver = storageDriver(value);
      case "bridge" -> bridge = value;
      case "bip" -> bip = value;
      case "ip" -> ip = value;
      case "publish-from" -> publishFrom = value;
      case "userns-remap" -> remap = value.isEmpty() ? null : value;
      case "registry-mirror", "insecure-registry", "certs-dir", "trust-policy" ->
          registries.set(key, subject, value);
      case "host", "config" -> {} // Known, and looked at elsewhere.
      default -> throw new Fault.Invalid("unknown flag: " + subject);
    }
  }

  private void readFile(Path path) throws IOException {
    if (Files.size(path) > MAX_FILE) {
      throw new Fault.Invalid(path + " is larger than 1 MiB");
    }
    if (!(Json.full().readTree(Files.readAllBytes(path)) instanceof Map<?, ?> all)) {
      throw new Fault.Invalid(path + ": want a JSON object");
    }
    Map<?, ?> rest = new LinkedHashMap<>(all);
    rest.entrySet()
        .removeIf(
            each -> registries.read(String.valueOf(each.getKey()), each.getValue(), path + ": "));
    for (Map.Entry<?, ?> each : rest.entrySet()) {
      String key = String.valueOf(each.getKey());
      String subject = path + ": " + key;
      if (key.equals("hosts") && each.getValue() instanceof List<?> list) {
        hosts = list.stream().map(String::valueOf).toList();
      } else if (key.equals("insecure-tcp-i-know") && each.getValue() instanceof Boolean truth) {
        insecureTcp = truth;
      } else if (each.getValue() instanceof String value
          && !key.equals("host")
          && !key.equals("config")) {
        try {
          set(key, subject, value);
        } catch (Fault.Invalid e) {
          throw new Fault.Invalid(path + ": " + e.getMessage(), e);
        }
      } else {
        throw new Fault.Invalid(path + ": unknown key, or a value of the wrong kind: " + key);
      }
    }
  }

  private static Path folder(String subject, String value) {
    Path path = Path.of(value);
    if (!path.isAbsolute()) {
      throw new Fault.Invalid(subject + ": want an absolute path, found \"" + value + "\"");
    }
    return path.normalize();
  }

  private static Level level(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "debug" -> Level.DEBUG;
      case "info" -> Level.INFO;
      case "warn" -> Level.WARNING;
      case "error" -> Level.ERROR;
      default ->
          throw new Fault.Invalid(
              "invalid log level \"" + value + "\": want debug, info, warn or error");
    };
  }

  /// Bytes, or with one of the letters that mean a power of 1024.
  private static long size(String subject, String value) {
    String number = value.toLowerCase(Locale.ROOT);
    int power = 0;
    if (!number.isEmpty()) {
      power = Math.max(0, "bkmgt".indexOf(number.charAt(number.length() - 1)));
      number = power > 0 ? number.substring(0, number.length() - 1) : number;
    }
    try {
      long size = Math.multiplyExact(Long.parseLong(number), 1L << (10 * power));
      if (size >= 0) {
        return size;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Told below.
    }
    throw new Fault.Invalid(subject + ": want a size such as 512m or 1g, found \"" + value + "\"");
  }

  private static Settings.StorageDriver storageDriver(String value) {
    return switch (value) {
      case "erofs" -> Settings.StorageDriver.EROFS;
      case "overlay", "overlay2" -> Settings.StorageDriver.OVERLAY;
      default ->
          throw new Fault.Invalid(
              "invalid storage driver \"" + value + "\": want erofs or overlay");
    };
  }

  private Settings over(SettingsReader file) {
    Settings none = Settings.DEFAULT;
    return new Settings(
        first(dataRoot, file.dataRoot, none.dataRoot()),
        first(execRoot, file.execRoot, none.execRoot()),
        first(hosts, file.hosts, none.hosts()),
        first(logLevel, file.logLevel, none.logLevel()),
        runtime == null ? file.runtime : runtime,
        storageDriver == null ? file.storageDriver : storageDriver,
        first(blobCache, file.blobCache, none.blobCache()),
        bridge == null ? file.bridge : bridge,
        bip == null ? file.bip : bip,
        publishing(file),
        remap == null ? file.remap : remap,
        insecureTcp || file.insecureTcp,
        registries.over(file.registries).settings(System.getenv()));
  }

  private Publishing publishing(SettingsReader file) {
    String from = publishFrom == null ? file.publishFrom : publishFrom;
    return new Publishing(
        first(ip, file.ip, Publishing.ANYWHERE.address()),
        from == null ? List.of() : Publishing.ranges(from));
  }

  private static <T> T first(@Nullable T flag, @Nullable T file, T none) {
    return flag != null ? flag : file != null ? file : none;
  }
}
