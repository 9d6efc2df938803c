package io.djong.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The host's own firewall as the program iptables(8) keeps it, of one family, in the network
/// namespace of this process. Safe for use by several threads.
public final class Iptables {
  private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

  /// In seconds: others hold the lock of the old kind of tables for as long as they change them.
  private static final String PATIENCE = "5";

  private final String program;

  private Iptables(String program) {
    this.program = program;
  }

  /// Null if it is not installed.
  public static @Nullable Iptables find(boolean ipv6) {
    for (String folder : FOLDERS) {
      Path program = Path.of(folder, ipv6 ? "ip6tables" : "iptables");
      if (Files.isExecutable(program)) {
        return new Iptables(program.toString());
      }
    }
    return null;
  }

  /// The policy and the rules of a chain of the table `filter`, a line each, as one would write
  /// them.
  ///
  /// @throws IOException with the program's own words
  public List<String> list(String chain) throws IOException {
    return run(List.of(program, "-w", PATIENCE, "-S", chain), "").lines().toList();
  }

  /// Makes changes of the table `filter` as one transaction.
  ///
  /// @param commands a line each, such as `-A FORWARD -j ACCEPT`
  /// @throws IOException with the program's own words
  public void change(List<String> commands) throws IOException {
    String text = "*filter\n" + String.join("\n", commands) + "\nCOMMIT\n";
    run(List.of(program + "-restore", "-w", PATIENCE, "--noflush"), text);
  }

  private static String run(List<String> command, String input) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // It reads all before it says a word, so neither side can wait for the other.
    try (OutputStream commands = process.getOutputStream()) {
      commands.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(command.getFirst() + ": " + said.strip());
    }
    return said;
  }

  @Override
  public String toString() {
    return program;
  }
}
