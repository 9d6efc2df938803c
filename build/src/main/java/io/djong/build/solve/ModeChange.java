package io.djong.build.solve;

import io.djong.model.Fault;

/// Reads `--chmod`: octal, or as `chmod(1)` takes it (`u=rwX,go=rX`). Pure.
final class ModeChange {
  private final String text;

  private ModeChange(String text) {
    this.text = text;
  }

  /// @throws Fault.Invalid if it is neither
  static ModeChange of(String text) {
    ModeChange change = new ModeChange(text);
    change.apply(0644, false);
    return change;
  }

  int apply(int before, boolean folder) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '7') && text.length() < 6) {
      int mode = Integer.parseInt(text, 8);
      if (mode <= 07777) {
        return mode;
      }
    }
    int mode = before;
    for (String clause : text.split(",", -1)) {
      mode = clause(clause, mode, folder);
    }
    return mode;
  }

  private Fault.Invalid invalid() {
    return new Fault.Invalid(
        "invalid chmod parameter: '"
            + text
            + "'. it should be octal string and between 0 and 07777, or symbolic as u=rwX,go=rX");
  }

  private int clause(String clause, int before, boolean folder) {
    int at = 0;
    int who = 0;
    while (at < clause.length() && "ugoa".indexOf(clause.charAt(at)) >= 0) {
      who |=
          switch (clause.charAt(at++)) {
            case 'u' -> 0700;
            case 'g' -> 0070;
            case 'o' -> 0007;
            default -> 0777;
          };
    }
    if (who == 0) {
      who = 0777;
    }
    if (at >= clause.length()) {
      throw invalid();
    }
    int mode = before;
    while (at < clause.length()) {
      char operator = clause.charAt(at++);
      if ("+-=".indexOf(operator) < 0) {
        throw invalid();
      }
      int bits = 0;
      while (at < clause.length() && "+-=".indexOf(clause.charAt(at)) < 0) {
        bits |= bits(clause.charAt(at++), who, folder || (before & 0111) != 0);
      }
      mode =
          switch (operator) {
            case '+' -> mode | bits;
            case '-' -> mode & ~bits;
            default -> (mode & ~who) | bits;
          };
    }
    return mode;
  }

  private int bits(char letter, int who, boolean mayRun) {
    return switch (letter) {
      case 'r' -> 0444 & who;
      case 'w' -> 0222 & who;
      case 'x' -> 0111 & who;
      case 'X' -> mayRun ? 0111 & who : 0;
      case 's' -> ((who & 0700) != 0 ? 04000 : 0) | ((who & 0070) != 0 ? 02000 : 0);
      case 't' -> 01000;
      default -> throw invalid();
    };
  }
}
