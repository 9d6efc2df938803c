package io.djong.runtime.monitor;

import io.djong.model.ContainerId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where the monitor and the runtime of one container keep their files. The bundle has those that
/// conmon makes beside `config.json`.
record StateFolder(Path root, ContainerId id, Path bundle) {
  /// Where the OCI runtime keeps its state. It is beside `config.json`, because crun copies that:
  /// what must not reach a disk does not then either.
  Path runtimeRoot() {
    return bundle.resolve("oci");
  }

  Path folder() {
    return root.resolve(id.hex());
  }

  Path record() {
    return folder().resolve("record");
  }

  /// The name of the OCI runtime that made it, known before there is anything of it.
  Path runtimeName() {
    return folder().resolve("runtime");
  }

  Path pidFile() {
    return folder().resolve("pid");
  }

  Path exitFolder() {
    return folder().resolve("exit");
  }

  Path exitFile() {
    return exitFolder().resolve(id.hex());
  }

  Path oomFile() {
    return folder().resolve("oom");
  }

  Path runtimeLog() {
    return folder().resolve("runtime.log");
  }

  Path execFolder(String key) {
    return folder().resolve("exec").resolve(key);
  }

  Path attachSocket() {
    return bundle.resolve("attach");
  }

  Path control() {
    return bundle.resolve("ctl");
  }

  Path window() {
    return bundle.resolve("winsz");
  }

  /// What the OCI runtime keeps of this container.
  Path runtimeState() {
    return runtimeRoot().resolve(id.hex());
  }

  /// Where crun keeps the container's filter of system calls, for processes that are added.
  Path compiledFilter() {
    return runtimeState().resolve("seccomp.bpf");
  }

  /// Made by runc and crun for the container's process to wait at.
  Path execFifo() {
    return runtimeState().resolve("exec.fifo");
  }

  /// Removes everything of this container. Idempotent.
  void remove() throws IOException {
    Files.deleteIfExists(attachSocket());
    Files.deleteIfExists(control());
    Files.deleteIfExists(window());
    removeTree(runtimeRoot());
    removeTree(folder());
  }

  /// Also what comes meanwhile: who waits for the monitor writes an exit code when it is ended.
  static void removeTree(Path path) throws IOException {
    boolean there = true;
    while (there) {
      try {
        removeChildren(path);
        Files.deleteIfExists(path);
        there = false;
      } catch (DirectoryNotEmptyException e) {
        there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private static void removeChildren(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          removeTree(child);
        }
      } catch (NoSuchFileException e) {
        // Somebody else removed it.
      }
    }
  }
}
