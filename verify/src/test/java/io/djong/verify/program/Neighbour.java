package io.djong.verify.program;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Another machine on this one's network: a network namespace at the other end of a cable.
final class Neighbour implements AutoCloseable {
  static final String HOST = "198.51.100.1";
  static final String ADDRESS = "198.51.100.2";
  static final String HOST6 = "fd77:1::1";
  static final String ADDRESS6 = "fd77:1::2";
  private static final String CABLE = "verify-cable0";

  private final Process inside;

  private Neighbour(Process inside) {
    this.inside = inside;
  }

  static Neighbour start() throws IOException, InterruptedException {
    Process inside = Program.start(List.of("unshare", "--net", "cat"), Map.of(), null);
    // What comes back was written in the namespace.
    inside.getOutputStream().write('\n');
    inside.getOutputStream().flush();
    if (inside.getInputStream().read() < 0) {
      throw new AssertionError("no namespace for a neighbour");
    }
    Neighbour neighbour = new Neighbour(inside);
    String pid = Long.toString(inside.pid());
    here("ip", "link", "add", CABLE, "type", "veth", "peer", "name", "eth0", "netns", pid);
    here("ip", "addr", "add", HOST + "/24", "dev", CABLE);
    here("ip", "addr", "add", HOST6 + "/64", "dev", CABLE, "nodad");
    here("ip", "link", "set", CABLE, "up");
    neighbour
        .run(
            "ip link set lo up; ip link set eth0 up; ip addr add "
                + ADDRESS
                + "/24 dev eth0; ip addr add "
                + ADDRESS6
                + "/64 dev eth0 nodad")
        .ok();
    return neighbour;
  }

  private static void here(String... command) throws IOException, InterruptedException {
    Program.run(List.of(command), Map.of(), null).ok();
  }

  /// Runs a script of bash over there.
  Program.Result run(String script) throws IOException, InterruptedException {
    String namespace = "--net=/proc/" + inside.pid() + "/ns/net";
    return Program.run(List.of("nsenter", namespace, "bash", "-c", script), Map.of(), null);
  }

  /// What a web server says to a neighbour who asks for `/f`, empty if it does not answer at once.
  String get(String address, int port) throws IOException, InterruptedException {
    return run(request(address, port)).out().strip();
  }

  /// The same, asked by this host.
  static String getFromHere(String address, int port) throws IOException, InterruptedException {
    return Program.run(List.of("bash", "-c", request(address, port)), Map.of(), null).out().strip();
  }

  /// The same, asked in the network of a process, by a program of this host.
  static String getFrom(String pid, String address, int port)
      throws IOException, InterruptedException {
    String namespace = "--net=/proc/" + pid + "/ns/net";
    return Program.run(
            List.of("nsenter", namespace, "bash", "-c", request(address, port)), Map.of(), null)
        .out()
        .strip();
  }

  private static String request(String address, int port) {
    return "timeout 2 bash -c 'exec 3<>/dev/tcp/"
        + address
        + "/"
        + port
        + "; printf \"GET /f HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3' 2>/dev/null | tail -n 1";
  }

  @Override
  public void close() throws IOException {
    try {
      Program.run(List.of("ip", "link", "del", CABLE), Map.of(), null);
      inside.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while taking a neighbour away", e);
    }
  }
}
