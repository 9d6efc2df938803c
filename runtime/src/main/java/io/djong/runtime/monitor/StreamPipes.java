package io.djong.runtime.monitor;

import io.djong.runtime.Stdio;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The pipes that a monitor made for a process in a user namespace. They are root's of the host,
/// and no runtime gives them away from inside, so the process could not open `/dev/stdout` anew.
final class StreamPipes {
  private static final String NULL = "/dev/null";
  private static final Stdio.Owner ROOT = new Stdio.Owner(0, 0);
  private static final Path PROCESSES = Path.of("/proc");

  private StreamPipes() {}

  /// Gives a process its standard streams, as far as they are pipes. Where there is none it has the
  /// host's `/dev/null`, which crun 1.8.1 gives to it all the same: that is taken back, else its
  /// mode would be the container's to change.
  ///
  /// @param process one that waits for its start
  static void give(int process, Stdio.Owner owner) throws IOException {
    for (int number = 0; number < 3; number++) {
      Path file = descriptors(Integer.toString(process)).resolve(Integer.toString(number));
      String stream = pipe(file);
      if (stream.startsWith("pipe:")) {
        give(file, owner);
      } else if (stream.equals(NULL) && Files.getAttribute(file, "unix:uid").equals(owner.uid())) {
        give(file, ROOT);
      }
    }
  }

  /// Gives away the pipes that a monitor made before the process is there that will have them:
  /// those that it has and this process has not.
  static void giveAllOf(int monitor, Stdio.Owner owner) throws IOException {
    Set<String> own = new HashSet<>();
    for (Path file : list("self")) {
      own.add(pipe(file));
    }
    for (Path file : list(Integer.toString(monitor))) {
      String pipe = pipe(file);
      if (pipe.startsWith("pipe:") && !own.contains(pipe)) {
        giveIfOpen(file, owner);
      }
    }
  }

  /// An end that the monitor has closed meanwhile was the process's own: it keeps the other one.
  private static void giveIfOpen(Path file, Stdio.Owner owner) throws IOException {
    try {
      give(file, owner);
    } catch (NoSuchFileException _) {
      // As said.
    }
  }

  private static void give(Path pipe, Stdio.Owner owner) throws IOException {
    Files.setAttribute(pipe, "unix:uid", owner.uid());
    Files.setAttribute(pipe, "unix:gid", owner.gid());
  }

  private static Path descriptors(String process) {
    return PROCESSES.resolve(process).resolve("fd");
  }

  private static List<Path> list(String process) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors(process))) {
      files.forEach(all::add);
    }
    return all;
  }

  /// What a descriptor is, empty if it was closed meanwhile.
  private static String pipe(Path file) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
