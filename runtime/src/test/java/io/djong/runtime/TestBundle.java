package io.djong.runtime;

import io.djong.model.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A bundle with busybox as its only program.
public final class TestBundle {
  private static final String NAMESPACES =
      "{\"type\":\"pid\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"mount\"},{\"type\":\"network\"}";

  private TestBundle() {}

  static Path write(Path folder, ContainerId id, boolean terminal, String... command)
      throws IOException {
    return write(folder, id, terminal, "{}", command);
  }

  /// @param resources of the control group, as JSON
  static Path write(
      Path folder, ContainerId id, boolean terminal, String resources, String... command)
      throws IOException {
    Path bin = folder.resolve("rootfs/bin");
    Files.createDirectories(bin);
    for (String name : List.of("proc", "dev", "sys", "tmp")) {
      Files.createDirectories(folder.resolve("rootfs").resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    for (String applet :
        List.of(
            "sh", "true", "false", "echo", "cat", "sleep", "seq", "stty", "head", "ls", "dd",
            "printf")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"ociVersion":"1.0.2","process":%s,"root":{"path":"rootfs"},"hostname":"test",
         "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
          {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["mode=755"]},
          {"destination":"/dev/pts","type":"devpts","source":"devpts","options":["newinstance","ptmxmode=0666"]}],
         "linux":{"cgroupsPath":"/djong-runtime-test/%s","resources":%s,"namespaces":[%s]}}
        """
            .formatted(process(terminal, command), id.hex(), resources, NAMESPACES));
    return folder;
  }

  public static String process(boolean terminal, String... command) {
    String arguments =
        Arrays.stream(command)
            .map(a -> "\"" + a.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
            .collect(Collectors.joining(","));
    return """
        {"terminal":%s,"user":{"uid":0,"gid":0},"args":[%s],"cwd":"/","env":["PATH=/bin","TERM=xterm"],
         "capabilities":{"bounding":["CAP_KILL"],"effective":["CAP_KILL"],"permitted":["CAP_KILL"]}}
        """
        .formatted(terminal, arguments);
  }
}
