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
  private static final Path PROCESSES = Path.of("/proc");

  private StreamPipes() {}

  /// Gives a process its standard streams, as far as they are pipes.
  ///
  /// @param process one that waits for its start
  static void give(int process, Stdio.Owner owner) throws IOException {
    for (int number = 0; number < 3; number++) {
      Path file = descriptors(Integer.toString(process)).resolve(Integer.toString(number));
      if (pipe(file).startsWith("pipe:")) {
        give(file, owner);
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
