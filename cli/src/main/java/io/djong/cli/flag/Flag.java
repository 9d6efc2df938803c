package io.djong.cli.flag;

/// A flag as the help shows it. `shortName` is one letter or empty; `kind` says what its value is
/// and is empty for a switch.
public record Flag(String name, String shortName, String kind, String help) {
  public boolean isToggle() {
    return kind.isEmpty();
  }
}
