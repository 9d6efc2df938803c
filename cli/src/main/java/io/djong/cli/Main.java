package io.djong.cli;

import io.djong.api.ApiError;
import io.djong.cli.flag.Flags;
import io.djong.cli.flag.Given;
import io.djong.cli.flag.UsageException;
import io.djong.cli.format.TemplateException;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The command line. Exit codes are Docker's: 125 for flags that cannot be read, 1 for what the
/// engine refuses, and the container's own where a command stands in for a container.
public final class Main {
  private static final int BAD_FLAGS = 125;
  private static final int OUTPUT_CLOSED = 128 + 13; // as SIGPIPE ends other programs

  private final Console console;
  private final List<String> words;
  private @Nullable String host;
  private int next;

  private Main(Console console, List<String> words) {
    this.console = console;
    this.words = words;
  }

  /// Runs one command and ends the JVM with its exit code.
  public static void main(String[] args) {
    Console console = Console.ofProcess();
    int code = run(console, List.of(args));
    console.flush();
    System.exit(code);
  }

  /// Runs one command.
  ///
  /// @return its exit code
  public static int run(Console console, List<String> words) {
    try {
      return new Main(console, words).run();
    } catch (UsageException e) {
      console.say(e.getMessage());
      return BAD_FLAGS;
    } catch (ApiError e) {
      console.say(Errors.text(e));
      return 1;
    } catch (Fault | TemplateException e) {
      console.say(String.valueOf(e.getMessage()));
      return 1;
    } catch (IOException e) {
      if (console
          .out()
          .checkError()) { // Whoever read our output has seen enough, as with `| head`.
        return OUTPUT_CLOSED;
      }
      String message = e.getMessage();
      console.say(message == null ? e.toString() : message);
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private int run() throws IOException, InterruptedException {
    Integer done = globalFlags();
    if (done != null) {
      return done;
    }
    String verb = words.get(next++);
    if (verb.equals("help")) {
      return help();
    }
    if (Verbs.GROUPS.contains(verb)) {
      return group(verb);
    }
    if (Verbs.isAboutBuilds(verb, words.subList(next, words.size()))) {
      return group("builder");
    }
    Command command = Verbs.find(verb);
    if (command == null) {
      return unknown(verb, "djong " + verb, "djong", Verbs.all());
    }
    return run(verb, command);
  }

  /// Reads what stands before the verb.
  ///
  /// @return an exit code if there is nothing more to do
  private @Nullable Integer globalFlags() {
    while (next < words.size() && words.get(next).startsWith("-")) {
      String flag = words.get(next++);
      if (flag.equals("-h") || flag.equals("--help")) {
        console.out().print(Help.overview());
        return 0;
      } else if (flag.equals("-v") || flag.equals("--version")) {
        console.print("djong version " + Product.VERSION);
        return 0;
      } else if (flag.equals("-H") || flag.equals("--host")) {
        if (next == words.size()) {
          throw new UsageException("flag needs an argument: " + flag);
        }
        host = words.get(next++);
      } else if (flag.startsWith("--host=")) {
        host = flag.substring("--host=".length());
      } else if (flag.startsWith("-H")) {
        host = flag.substring(2);
      } else {
        throw new UsageException(
            "unknown flag: " + flag + "\n\nRun 'djong --help' for more information");
      }
    }
    if (next == words.size()) {
      console.out().print(Help.overview());
      return 0;
    }
    return null;
  }

  private int help() {
    if (next == words.size()) {
      console.out().print(Help.overview());
      return 0;
    }
    String verb = words.get(next++);
    boolean isGroup = Verbs.GROUPS.contains(verb);
    if (isGroup && next == words.size()) {
      console.out().print(Help.group(verb));
      return 0;
    }
    String name = isGroup ? verb + " " + words.get(next) : verb;
    Command command = isGroup ? Verbs.find(verb, words.get(next)) : Verbs.find(verb);
    if (command == null) {
      return unknown(verb, "djong " + name, "djong", Verbs.all());
    }
    console.out().print(Help.command(name, command));
    return 0;
  }

  private int group(String group) throws IOException, InterruptedException {
    if (next == words.size() || words.get(next).equals("--help") || words.get(next).equals("-h")) {
      console.out().print(Help.group(group));
      return 0;
    }
    String verb = words.get(next++);
    Command command = Verbs.find(group, verb);
    if (command == null) {
      return unknown(verb, "djong " + group + " " + verb, "djong " + group, Verbs.inGroup(group));
    }
    return run(group + " " + verb, command);
  }

  private int unknown(String word, String typed, String before, List<String> known) {
    console.say("djong: unknown command: " + typed);
    String meant = Help.suggestion(word, known);
    if (meant != null) {
      console.say("\nDid you mean: " + before + " " + meant);
    }
    console.say("\nRun '" + before + " --help' for more information");
    return 1;
  }

  private int run(String name, Command command) throws IOException, InterruptedException {
    Connection connection = new Connection(EngineAddress.of(host), console);
    Flags flags = new Flags();
    command.declare(flags);
    flags.toggle("help", "", "Print usage");
    Given given;
    try {
      given = flags.parse(words.subList(next, words.size()), command.endsFlagsAtFirstArgument());
    } catch (UsageException e) {
      console.say(e.getMessage());
      console.say(
          "\n"
              + Help.usage(name, command)
              + "\n\nRun 'djong "
              + name
              + " --help' for more information");
      return BAD_FLAGS;
    }
    if (given.is("help")) {
      console.out().print(Help.command(name, command));
      return 0;
    }
    if (!fits(command.synopsis(), given.arguments().size())) {
      console.say(wrongCount(name, command.synopsis()));
      console.say(
          "\n"
              + Help.usage(name, command)
              + "\n\nRun 'djong "
              + name
              + " --help' for more information");
      return 1;
    }
    return command.run(new Call(given, console, connection));
  }

  private static boolean fits(Command.Synopsis synopsis, int count) {
    return count >= synopsis.least() && (synopsis.most() < 0 || count <= synopsis.most());
  }

  private static String wrongCount(String name, Command.Synopsis synopsis) {
    int least = synopsis.least();
    int most = synopsis.most();
    if (most == 0) {
      return "djong: 'djong " + name + "' accepts no arguments";
    }
    String demand =
        least == most
            ? "exactly " + least
            : most < 0 ? "at least " + least : "from " + least + " to " + most;
    boolean one = least == 1 && (most == 1 || most < 0);
    return "djong: 'djong " + name + "' requires " + demand + (one ? " argument" : " arguments");
  }
}
