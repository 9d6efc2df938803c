package io.djong.cli;

import io.djong.cli.flag.Flag;
import io.djong.cli.flag.Flags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the program says about itself.
final class Help {
  private static final int COLUMN = 14;

  private Help() {}

  /// All verbs.
  static String overview() {
    StringBuilder text =
        new StringBuilder("Usage:  djong [OPTIONS] COMMAND\n\nA container platform in Java\n");
    section(text, "Common Commands", Verbs.COMMON);
    text.append("\nManagement Commands:\n");
    for (String group : Verbs.GROUPS) {
      line(text, group, "Manage " + group + (group.equals("system") ? "" : "s"));
    }
    section(text, "Commands", Verbs.OTHERS);
    text.append(
        """

        Options:
          -H, --host string   Daemon socket to connect to (default unix:///run/djong.sock; also by
                              DJONG_HOST or DOCKER_HOST)
          -v, --version       Print version information and quit
              --help          Print this

        Run 'djong COMMAND --help' for more information on a command.
        """);
    return text.toString();
  }

  /// The verbs of a group.
  static String group(String group) {
    StringBuilder text = new StringBuilder("Usage:  djong " + group + " COMMAND\n\nCommands:\n");
    for (String verb : Verbs.inGroup(group)) {
      line(text, verb, summary(Verbs.find(group, verb)));
    }
    return text.append(
            "\nRun 'djong " + group + " COMMAND --help' for more information on a command.\n")
        .toString();
  }

  /// One command and its flags.
  static String command(String name, Command command) {
    StringBuilder text = new StringBuilder();
    text.append(usage(name, command))
        .append("\n\n")
        .append(command.synopsis().summary())
        .append('\n');
    Flags flags = new Flags();
    command.declare(flags);
    boolean first = true;
    int width = 0;
    for (Flag flag : flags.all()) {
      width = Math.max(width, flag.name().length() + 1 + flag.kind().length());
    }
    for (Flag flag : flags.all()) {
      text.append(first ? "\nOptions:\n" : "");
      first = false;
      text.append(flag.shortName().isEmpty() ? "      --" : "  -" + flag.shortName() + ", --");
      String shown = flag.name() + " " + flag.kind();
      text.append(shown)
          .append(" ".repeat(width - shown.length() + 3))
          .append(flag.help())
          .append('\n');
    }
    return text.toString();
  }

  static String usage(String name, Command command) {
    return "Usage:  djong " + name + " " + command.synopsis().usage();
  }

  /// The known word that was probably meant, null if none is near.
  static @Nullable String suggestion(String word, List<String> known) {
    String best = null;
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /// Edits from one word to another; two letters swapped are one edit.
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static void section(StringBuilder text, String title, List<String> verbs) {
    text.append('\n').append(title).append(":\n");
    for (String verb : verbs) {
      line(
          text,
          verb,
          switch (verb) {
            case "quickstart" -> "See an image become a container, step by step";
            case "daemon" -> "Serve the Docker Engine API";
            default -> summary(Verbs.find(verb));
          });
    }
  }

  private static String summary(@Nullable Command command) {
    return command == null ? "" : command.synopsis().summary();
  }

  private static void line(StringBuilder text, String word, String summary) {
    text.append("  ")
        .append(word)
        .append(" ".repeat(Math.max(1, COLUMN - word.length())))
        .append(summary)
        .append('\n');
  }
}
