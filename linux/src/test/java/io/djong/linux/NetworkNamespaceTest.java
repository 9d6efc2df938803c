package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On the real kernel, as root.
class NetworkNamespaceTest {
  @TempDir Path folder;

  @Test
  void theThreadsOfTheCallerStayWhereTheyAre() throws IOException {
    Path mine = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));

    try (NetworkNamespace made = NetworkNamespace.create(() -> {})) {
      Path inside = made.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")));

      assertThat(inside).isNotEqualTo(mine);
      assertThat(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))).isEqualTo(mine);
    }
  }

  @Test
  void aBoundNamespaceOutlivesItsDescriptor() throws IOException {
    Path file = folder.resolve("one");
    Path inside;
    try (NetworkNamespace made = NetworkNamespace.create(() -> {})) {
      made.bind(file);
      inside = made.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")));
    }

    try (NetworkNamespace again = NetworkNamespace.open(file)) {
      assertThat(
              again.<Path>call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))))
          .isEqualTo(inside);
    } finally {
      NetworkNamespace.unbind(file);
    }
    assertThat(file).doesNotExist();
    NetworkNamespace.unbind(file);
  }

  @Test
  void aFileThatIsThereIsNotBoundOver() throws IOException {
    Path file = Files.createFile(folder.resolve("one"));

    try (NetworkNamespace made = NetworkNamespace.create(() -> {})) {
      assertThatThrownBy(() -> made.bind(file)).isInstanceOf(FileAlreadyExistsException.class);
    }
  }

  @Test
  void whatFailsInsideIsThrownOutside() throws IOException {
    try (NetworkNamespace made = NetworkNamespace.create(() -> {})) {
      assertThatThrownBy(
              () ->
                  made.call(
                      () -> {
                        throw new IOException("inside");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("inside");
    }
  }

  @Test
  void parametersOfTheNetworkAreThoseOfTheNamespace() throws IOException {
    try (NetworkNamespace made = NetworkNamespace.create(() -> {})) {
      String before = Sysctl.read("net/ipv4/ip_local_port_range");

      String inside =
          made.call(
              () -> {
                Sysctl.write("net/ipv4/ip_local_port_range", "40000\t40100");
                return Sysctl.read("net/ipv4/ip_local_port_range");
              });

      assertThat(inside).isEqualTo("40000\t40100").isNotEqualTo(before);
      assertThat(Sysctl.read("net/ipv4/ip_local_port_range")).isEqualTo(before);
    }
  }
}
