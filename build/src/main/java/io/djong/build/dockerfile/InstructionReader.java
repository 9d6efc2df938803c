package io.djong.build.dockerfile;

import io.djong.build.dockerfile.Flags.Mistaken;
import io.djong.build.dockerfile.Instruction.ArgWord;
import io.djong.build.dockerfile.Instruction.CopyFlags;
import io.djong.build.dockerfile.Instruction.Pair;
import io.djong.model.Fault;
import io.djong.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads one instruction (Dockerfile reference). What cannot be read is refused with its place. For
/// one thread.
final class InstructionReader {
  static final List<String> NAMES =
      List.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");
  private static final String IF_EXISTS = "if-exists";
  private static final Set<String> COPY_ONCE = Set.of("from", "chown", "chmod", "link", "parents");
  private static final Set<String> ADD_ONCE =
      Set.of("chown", "chmod", "link", "checksum", "keep-git-dir", "unpack");
  private static final Set<String> HEALTH =
      Set.of("interval", "timeout", "start-period", "start-interval", "retries");

  private final DockerfileText text;
  private final char escape;
  private final boolean extensions;

  /// @param extensions whether djong's own flags may be used
  InstructionReader(DockerfileText text, char escape, boolean extensions) {
    this.extensions = extensions;
    this.text = text;
    this.escape = escape;
  }

  /// A line taken apart: the instruction's name and where its words begin.
  private record Cut(LogicalLine line, String name, int rest, Place place) {
    String words() {
      return line.text().substring(Math.min(rest, line.text().length())).strip();
    }
  }

  Instruction read(LogicalLine line) {
    String all = line.text();
    int end = 0;
    while (end < all.length() && !Words.isSpace(all.charAt(end))) {
      end++;
    }
    int rest = end;
    while (rest < all.length() && Words.isSpace(all.charAt(rest))) {
      rest++;
    }
    String written = all.substring(0, end);
    Place place = new Place(line.at(0), line.last(), all.stripTrailing());
    Cut cut = new Cut(line, written.toUpperCase(Locale.ROOT), rest, place);
    try {
      return instruction(cut, written);
    } catch (Mistaken e) {
      throw text.mistake(line.at(e.offset), e.length, String.valueOf(e.getMessage()));
    }
  }

  private Instruction instruction(Cut cut, String written) throws Mistaken {
    return switch (cut.name) {
      case "FROM" -> from(cut);
      case "RUN" -> run(cut);
      case "COPY" -> copy(cut, false);
      case "ADD" -> copy(cut, true);
      case "CMD" -> new Instruction.Cmd(cut.place, command(plain(cut), cut));
      case "ENTRYPOINT" -> new Instruction.Entrypoint(cut.place, command(plain(cut), cut));
      case "SHELL" -> new Instruction.Shell(cut.place, shell(cut));
      case "ENV" -> new Instruction.Env(cut.place, pairs(cut));
      case "LABEL" -> new Instruction.Label(cut.place, pairs(cut));
      case "ARG" -> new Instruction.Arg(cut.place, argWords(cut));
      case "EXPOSE" -> new Instruction.Expose(cut.place, atLeastOne(cut));
      case "VOLUME" -> new Instruction.Volume(cut.place, volumes(cut));
      case "USER" -> new Instruction.User(cut.place, exactlyOne(cut));
      case "WORKDIR" -> new Instruction.Workdir(cut.place, exactlyOne(cut));
      case "STOPSIGNAL" -> new Instruction.StopSignal(cut.place, exactlyOne(cut));
      case "MAINTAINER" -> new Instruction.Maintainer(cut.place, exactlyOne(cut));
      case "HEALTHCHECK" -> health(cut);
      case "ONBUILD" -> onBuild(cut);
      default ->
          throw text.mistake(
              cut.line.at(0),
              written.length(),
              "unknown instruction: " + written,
              Suggestion.of(written, NAMES));
    };
  }

  private Fault.Invalid refuse(Cut cut, String message) {
    return text.mistake(
        cut.line.at(0),
        Math.max(cut.name.length(), cut.line.text().stripTrailing().length()),
        message);
  }

  /// The words of an instruction that takes no flags.
  private String plain(Cut cut) throws Mistaken {
    Flags flags = flags(cut, Set.of(), Set.of());
    return cut.line.text().substring(flags.end()).strip();
  }

  private Flags flags(Cut cut, Set<String> once, Set<String> many) throws Mistaken {
    return Flags.read(cut.line.text(), cut.rest, escape, once, many);
  }

  private Instruction from(Cut cut) throws Mistaken {
    Flags flags = flags(cut, Set.of("platform"), Set.of());
    List<String> words = Words.raw(cut.line.text().substring(flags.end()), escape);
    if (words.size() != 1 && words.size() != 3) {
      throw refuse(cut, "FROM requires either one or three arguments");
    }
    String name = null;
    if (words.size() == 3) {
      if (!words.get(1).equalsIgnoreCase("AS")) {
        throw refuse(cut, "FROM requires either one argument, or three: FROM <image> AS <name>");
      }
      name = words.get(2);
      checkStageName(cut, name);
    }
    return new Instruction.From(cut.place, words.getFirst(), name, flags.value("platform"));
  }

  private void checkStageName(Cut cut, String name) {
    boolean good = Character.isLetter(name.charAt(0)) && name.charAt(0) < 128;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      good &= c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
    }
    if (!good) {
      int at = cut.line.text().lastIndexOf(name);
      throw text.mistake(
          cut.line.at(at),
          name.length(),
          "invalid name for build stage: \""
              + name
              + "\", name can't start with a number or contain symbols");
    }
  }

  private Instruction run(Cut cut) throws Mistaken {
    Flags flags = flags(cut, Set.of("network", "security"), Set.of("mount"));
    String words = cut.line.text().substring(flags.end()).strip();
    if (words.isEmpty()) {
      throw refuse(cut, "RUN requires at least one argument");
    }
    List<MountSpec> mounts = new ArrayList<>();
    for (String mount : flags.all("mount")) {
      try {
        mounts.add(MountSpec.parse(mount));
      } catch (Fault.Invalid e) {
        int at = Math.max(0, cut.line.text().indexOf(mount));
        throw text.mistake(cut.line.at(at), mount.length(), String.valueOf(e.getMessage()));
      }
    }
    return new Instruction.Run(
        cut.place,
        command(words, cut),
        cut.line.heredocs(),
        List.copyOf(mounts),
        choice(flags, "network", List.of("default", "none", "host")),
        choice(flags, "security", List.of("sandbox", "insecure")));
  }

  private static String choice(Flags flags, String name, List<String> values) throws Mistaken {
    String value = flags.value(name);
    if (value == null) {
      return values.getFirst();
    }
    if (!values.contains(value)) {
      String meant = Suggestion.of(value, values);
      throw new Mistaken(
          (name.equals("network") ? "unsupported network mode \"" : "security \"")
              + value
              + (name.equals("network") ? "\"" : "\" is not valid")
              + (meant == null ? "" : " (did you mean " + meant + "?)"),
          flags.offset(name),
          name.length() + 3 + value.length());
    }
    return value;
  }

  private Instruction copy(Cut cut, boolean add) throws Mistaken {
    Set<String> once = new TreeSet<>(add ? ADD_ONCE : COPY_ONCE);
    if (extensions) {
      once.add(IF_EXISTS);
    }
    Flags flags = flags(cut, once, Set.of("exclude"));
    String words = cut.line.text().substring(flags.end()).strip();
    List<String> all = json(words, cut);
    if (all == null) {
      all = Words.raw(words, escape);
    }
    if (all.size() < 2) {
      throw refuse(
          cut,
          cut.name
              + " requires at least two arguments, but only "
              + count(all.size())
              + " provided. Destination could not be determined");
    }
    CopyFlags copyFlags =
        new CopyFlags(
            flags.value("from"),
            flags.value("chown"),
            flags.value("chmod"),
            flags.truth("link"),
            flags.truth("parents"),
            flags.all("exclude"),
            flags.value("checksum"),
            flags.truth("keep-git-dir"),
            flags.has("unpack") ? (Boolean) flags.truth("unpack") : null,
            flags.truth(IF_EXISTS));
    return new Instruction.Copy(
        cut.place,
        add,
        List.copyOf(all.subList(0, all.size() - 1)),
        all.getLast(),
        cut.line.heredocs(),
        copyFlags);
  }

  private static String count(int number) {
    return number == 0 ? "none was" : "one was";
  }

  private CommandLine command(String words, Cut cut) {
    List<String> exact = json(words, cut);
    if (exact != null) {
      return new CommandLine(true, exact);
    }
    return new CommandLine(false, words.isEmpty() ? List.of() : List.of(words));
  }

  /// The strings of a JSON array; null if it is none, as Docker reads it: then it is for the shell.
  private @Nullable List<String> json(String words, Cut cut) {
    if (!words.startsWith("[")) {
      return null;
    }
    Object tree;
    try {
      tree = Json.lean().readTree(words.getBytes(StandardCharsets.UTF_8));
    } catch (Fault.Invalid e) {
      return null;
    }
    if (!(tree instanceof List<?> items)) {
      return null;
    }
    List<String> strings = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof String string)) {
        throw refuse(cut, "when using JSON array syntax, arrays must be comprised of strings only");
      }
      strings.add(string);
    }
    return strings;
  }

  private List<String> shell(Cut cut) throws Mistaken {
    List<String> words = json(plain(cut), cut);
    if (words == null || words.isEmpty()) {
      throw refuse(cut, "SHELL requires the arguments to be in JSON form");
    }
    return words;
  }

  private List<Pair> pairs(Cut cut) throws Mistaken {
    String rest = plain(cut);
    List<String> words = Words.raw(rest, escape);
    if (words.isEmpty()) {
      throw refuse(cut, cut.name + " requires at least one argument");
    }
    if (words.getFirst().indexOf('=') < 0) {
      if (words.size() < 2) {
        throw refuse(cut, cut.name + " must have two arguments");
      }
      String value = rest.substring(words.getFirst().length()).strip();
      return List.of(new Pair(words.getFirst(), value, true));
    }
    List<Pair> all = new ArrayList<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        int at = Math.max(0, cut.line.text().indexOf(word));
        throw text.mistake(
            cut.line.at(at),
            word.length(),
            "Syntax error - can't find = in \"" + word + "\". Must be of the form: name=value");
      }
      if (equals == 0) {
        throw refuse(cut, cut.name + " names can not be blank");
      }
      all.add(new Pair(word.substring(0, equals), word.substring(equals + 1), false));
    }
    return List.copyOf(all);
  }

  private List<ArgWord> argWords(Cut cut) throws Mistaken {
    List<ArgWord> all = new ArrayList<>();
    for (String word : Words.raw(plain(cut), escape)) {
      int equals = word.indexOf('=');
      if (equals == 0) {
        throw refuse(cut, "ARG names can not be blank");
      }
      all.add(
          equals < 0
              ? new ArgWord(word, null)
              : new ArgWord(word.substring(0, equals), word.substring(equals + 1)));
    }
    if (all.isEmpty()) {
      throw refuse(cut, "ARG requires at least one argument");
    }
    return List.copyOf(all);
  }

  private List<String> atLeastOne(Cut cut) throws Mistaken {
    List<String> words = Words.raw(plain(cut), escape);
    if (words.isEmpty()) {
      throw refuse(cut, cut.name + " requires at least one argument");
    }
    return List.copyOf(words);
  }

  private String exactlyOne(Cut cut) throws Mistaken {
    String word = plain(cut);
    if (word.isEmpty()) {
      throw refuse(cut, cut.name + " requires exactly one argument");
    }
    return word;
  }

  private List<String> volumes(Cut cut) throws Mistaken {
    List<String> words = json(plain(cut), cut);
    if (words == null) {
      return atLeastOne(cut);
    }
    if (words.isEmpty()) {
      throw refuse(cut, "VOLUME requires at least one argument");
    }
    return words;
  }

  private Instruction health(Cut cut) throws Mistaken {
    Flags flags = flags(cut, HEALTH, Set.of());
    String words = cut.line.text().substring(flags.end()).strip();
    if (words.isEmpty()) {
      throw refuse(cut, "HEALTHCHECK requires at least one argument");
    }
    return new Instruction.Health(
        cut.place,
        HealthFlags.read(flags, words, rest -> json(rest, cut), message -> refuse(cut, message)));
  }

  private Instruction onBuild(Cut cut) {
    String trigger = cut.words();
    if (trigger.isEmpty()) {
      throw refuse(cut, "ONBUILD requires at least one argument");
    }
    String[] parts = trigger.split("\\s+", 2);
    String verb = parts[0].toUpperCase(Locale.ROOT);
    switch (verb) {
      case "ONBUILD" -> throw refuse(cut, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
      case "MAINTAINER", "FROM" -> throw refuse(cut, verb + " isn't allowed as an ONBUILD trigger");
      default -> {
        if (!NAMES.contains(verb)) {
          throw text.mistake(
              cut.line.at(cut.rest),
              parts[0].length(),
              "unknown instruction: " + parts[0],
              Suggestion.of(parts[0], NAMES));
        }
      }
    }
    StringBuilder whole = new StringBuilder(trigger);
    for (Heredoc heredoc : cut.line.heredocs()) {
      whole.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return new Instruction.OnBuild(cut.place, whole.toString());
  }
}
