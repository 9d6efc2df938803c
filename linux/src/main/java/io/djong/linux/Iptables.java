package io.djong.linux;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The host's own firewall as the program iptables(8) keeps it, of one family, in the network
/// namespace of this process. Safe for use by several threads.
public final class Iptables {
  /// In seconds: others hold the lock of the old kind of tables for as long as they change them.
  private static final String PATIENCE = "5";

  private final HostProgram program;

  private Iptables(HostProgram program) {
    this.program = program;
  }

  /// Null if it is not installed.
  public static @Nullable Iptables find(boolean ipv6) {
    HostProgram program = HostProgram.find(ipv6 ? "ip6tables" : "iptables");
    return program == null ? null : new Iptables(program);
  }

  /// The policy and the rules of a chain of the table `filter`, a line each, as one would write
  /// them.
  ///
  /// @throws IOException with the program's own words
  public List<String> list(String chain) throws IOException {
    return program.run(List.of("-w", PATIENCE, "-S", chain), "").lines().toList();
  }

  /// Makes changes of the table `filter` as one transaction.
  ///
  /// @param commands a line each, such as `-A FORWARD -j ACCEPT`
  /// @throws IOException with the program's own words
  public void change(List<String> commands) throws IOException {
    String text = "*filter\n" + String.join("\n", commands) + "\nCOMMIT\n";
    program.beside("-restore").run(List.of("-w", PATIENCE, "--noflush"), text);
  }

  @Override
  public String toString() {
    return program.toString();
  }
}
