package io.djong.cli;

/// This program.
public final class Product {
  public static final String VERSION = "0.1.0";

  private Product() {}

  /// The processor, in Go's word for it.
  public static String architecture() {
    String name = System.getProperty("os.arch", "");
    return name.equals("aarch64") ? "arm64" : name;
  }
}
