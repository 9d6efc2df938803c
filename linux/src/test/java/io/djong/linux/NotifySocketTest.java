package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NotifySocketTest {
  /// The JDK knows no datagram sockets of this family, so the other end is Python's.
  private static final String RECEIVER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1].replace("@", chr(0), 1))
      print("bound", flush=True)
      s.settimeout(20)
      print(s.recv(100).decode(), flush=True)
      """;

  @Test
  void aMessageReachesThePathThatTheServiceManagerNamed() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "djong-notify-");

    assertThat(received(folder.resolve("s").toString(), "READY=1")).isEqualTo("READY=1");
  }

  @Test
  void aMessageReachesAnAbstractName() throws Exception {
    String name = "@djong-notify-" + ProcessHandle.current().pid();

    assertThat(received(name, "STOPPING=1")).isEqualTo("STOPPING=1");
  }

  @Test
  void aSocketThatIsNotThereIsToldOf() {
    assertThatThrownBy(() -> NotifySocket.send("/nowhere/at/all", "READY=1"))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("/nowhere/at/all");
  }

  private static String received(String address, String message) throws Exception {
    Process receiver =
        new ProcessBuilder("/usr/bin/python3", "-c", RECEIVER, address)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = receiver.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("bound");
      NotifySocket.send(address, message);
      return lines.readLine();
    } finally {
      receiver.destroy();
      receiver.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
