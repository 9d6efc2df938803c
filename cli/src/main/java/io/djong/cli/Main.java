package io.djong.cli;

/// The command line.
public final class Main {
  private Main() {}

  /// Runs one command and ends the JVM with its exit code.
  public static void main(String[] args) {
    System.out.println("djong 0.1.0-SNAPSHOT");
  }
}
