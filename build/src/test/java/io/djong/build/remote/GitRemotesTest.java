package io.djong.build.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.build.context.PackedTree;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Repositories fetched by the system's git from a server on the loopback.
final class GitRemotesTest {
  @TempDir Path folder = Path.of("");

  private Process server;
  private int port;
  private GitRemotes remotes;

  @BeforeEach
  void serve() throws Exception {
    Path work = Files.createDirectories(folder.resolve("repos/ship"));
    Files.createDirectories(work.resolve("deck"));
    Files.writeString(work.resolve("deck/cargo"), "gold");
    Files.createSymbolicLink(work.resolve("deck/away"), Path.of("/etc"));
    git(work, "init", "-q", "-b", "main");
    git(work, "add", ".");
    git(work, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one");
    git(work, "tag", "v1");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server =
        new ProcessBuilder(
                "git",
                "daemon",
                "--reuseaddr",
                "--export-all",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--base-path=" + folder.resolve("repos"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!answers() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    remotes = new GitRemotes(Files.createDirectories(folder.resolve("scratch")));
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void git(Path where, String... words) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).directory(where.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  @AfterEach
  void end() throws Exception {
    remotes.close();
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly().waitFor();
  }

  private GitAddress address(String rest) {
    return GitAddress.parse("git://127.0.0.1:" + port + "/ship" + rest);
  }

  @Test
  void aFolderAtATagIsFetchedWithoutWhatGitKeeps() throws Exception {
    try (PackedTree tree = remotes.fetch(address("#v1:deck"), null, false)) {
      assertThat(tree.paths()).extracting(RawPath::toString).containsExactly("away", "cargo");
      try (var in = tree.open(RawPath.of("cargo"))) {
        assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("gold");
      }
    }
    try (PackedTree tree = remotes.fetch(address(""), null, false)) {
      assertThat(tree.paths())
          .extracting(RawPath::toString)
          .doesNotContain(".git")
          .contains("deck");
    }
    try (var left = Files.list(folder.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThatThrownBy(() -> remotes.fetch(address("#none"), null, false))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("failed to fetch");
    assertThatThrownBy(() -> remotes.fetch(address("#v1:hold"), null, false))
        .hasMessageContaining("no folder hold");
    assertThatThrownBy(() -> remotes.fetch(address("#v1"), "0123456789", false))
        .hasMessageContaining("is at commit");
  }
}
