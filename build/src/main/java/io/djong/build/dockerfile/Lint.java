package io.djong.build.dockerfile;

import io.djong.build.dockerfile.Dockerfile.Stage;
import io.djong.build.dockerfile.Instruction.Pair;
import io.djong.model.ignore.IgnoreRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds what is allowed and probably not meant (Docker's build checks; the names are theirs). For
/// one file.
public final class Lint {
  private static final String DESCRIPTION = "InvalidDefinitionDescription";
  private static final Set<String> RESERVED = Set.of("scratch", "context");
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(passwd|password|secret|token|apikey|api_key|credential|private_key).*");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)(:?[-+?])?");

  /// @param rule its name at Docker
  public record Finding(String rule, int line, String message) {}

  private final Dockerfile file;
  private final IgnoreRules ignored;
  private final List<Finding> found = new ArrayList<>();

  private Lint(Dockerfile file, IgnoreRules ignored) {
    this.file = file;
    this.ignored = ignored;
  }

  /// What was found, in the order of the lines; without the rules that the file skips.
  ///
  /// @param ignored what of the context is hidden from the build
  public static List<Finding> check(Dockerfile file, IgnoreRules ignored) {
    Lint lint = new Lint(file, ignored);
    lint.whole();
    Set<String> names = new HashSet<>();
    for (Stage stage : file.stages()) {
      lint.stage(stage, names);
    }
    Set<String> skipped = file.directives().skipped();
    return lint.found.stream()
        .filter(finding -> !skipped.contains("all") && !skipped.contains(finding.rule))
        .sorted(java.util.Comparator.comparingInt(Finding::line))
        .toList();
  }

  private void add(String rule, Instruction at, String message) {
    found.add(new Finding(rule, at.place().line(), message));
  }

  private static String verb(Instruction instruction) {
    return instruction.place().words().split("\\s", 2)[0];
  }

  private List<Instruction> all() {
    List<Instruction> all = new ArrayList<>(file.global());
    for (Stage stage : file.stages()) {
      all.add(stage.from());
      all.addAll(stage.instructions());
    }
    return all;
  }

  private void whole() {
    if (file.directives().experimental().contains(DESCRIPTION)
        || file.directives().experimental().contains("all")) {
      descriptions();
    }
    for (int line : file.emptyContinuations()) {
      found.add(new Finding("NoEmptyContinuation", line, "Empty continuation line"));
    }
    long upper = all().stream().map(Lint::verb).filter(v -> v.equals(upper(v))).count();
    long lower = all().stream().map(Lint::verb).filter(v -> v.equals(lower(v))).count();
    for (Instruction instruction : all()) {
      String verb = verb(instruction);
      String wanted = upper >= lower ? upper(verb) : lower(verb);
      if (!verb.equals(wanted)) {
        add(
            "ConsistentInstructionCasing",
            instruction,
            "Command '"
                + verb
                + "' should match the case of the command majority ("
                + (upper >= lower ? "uppercase" : "lowercase")
                + ")");
      }
    }
  }

  /// A comment right above a stage or an argument is taken as its description.
  private void descriptions() {
    for (Instruction.Arg arg : file.global()) {
      description(arg, arg.words().stream().map(Instruction.ArgWord::name).toList());
    }
    for (Stage stage : file.stages()) {
      String name = stage.from().name();
      description(stage.from(), name == null ? List.of() : List.of(name));
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Instruction.Arg arg) {
          description(arg, arg.words().stream().map(Instruction.ArgWord::name).toList());
        }
      }
    }
  }

  private void description(Instruction instruction, List<String> names) {
    int above = instruction.place().line() - 2;
    List<String> lines = file.text().lines();
    String comment = above < 0 ? "" : lines.get(above).strip();
    boolean directive = comment.matches("#\\s*(?i:syntax|escape|check)\\s*=.*");
    if (names.isEmpty() || !comment.startsWith("#") || directive) {
      return;
    }
    String text = comment.substring(1).strip();
    if (!text.isEmpty() && names.stream().noneMatch(name -> text.startsWith(name + " "))) {
      add(
          DESCRIPTION,
          instruction,
          "Comment for "
              + (instruction instanceof Instruction.From ? "build stage" : "build argument")
              + " should follow the format: `# "
              + (instruction instanceof Instruction.From ? "<stage name>" : "<arg name>")
              + " <description>`. If this is not intended to be a description comment, add an"
              + " empty line or comment between the instruction and the comment.");
    }
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void stage(Stage stage, Set<String> names) {
    from(stage, names);
    Set<String> known = new HashSet<>();
    Map<String, Integer> once = new HashMap<>();
    for (Instruction instruction : stage.instructions()) {
      instruction(instruction, known, once);
    }
  }

  private void from(Stage stage, Set<String> names) {
    Instruction.From from = stage.from();
    String written = from.name();
    String words = from.place().words();
    if (written != null) {
      if (!written.equals(lower(written))) {
        add("StageNameCasing", from, "Stage name '" + written + "' should be lowercase");
      }
      if (RESERVED.contains(lower(written))) {
        add(
            "ReservedStageName",
            from,
            "Stage name should not use the same name as reserved stage \"" + lower(written) + "\"");
      }
      if (!names.add(lower(written))) {
        add(
            "DuplicateStageName",
            from,
            "Duplicate stage name \"" + written + "\", stage names should be unique");
      }
      String verb = verb(from);
      boolean upperFrom = verb.equals(upper(verb));
      String as = upperFrom ? " AS " : " as ";
      if (!words.contains(as)) {
        add(
            "FromAsCasing",
            from,
            "'" + (upperFrom ? "as" : "AS") + "' and '" + verb + "' keywords' casing do not match");
      }
    }
    String platform = from.platform();
    if (platform != null && platform.matches("\\$\\{?TARGETPLATFORM}?")) {
      add(
          "RedundantTargetPlatform",
          from,
          "Setting platform to predefined "
              + platform
              + " in FROM is redundant as this is the default behavior");
    } else if (platform != null && !platform.contains("$")) {
      add(
          "FromPlatformFlagConstDisallowed",
          from,
          "FROM --platform flag should not use constant value \"" + platform + "\"");
    }
    undefinedInFrom(from);
  }

  private void undefinedInFrom(Instruction.From from) {
    Map<String, @Nullable String> global = new HashMap<>();
    file.global()
        .forEach(arg -> arg.words().forEach(word -> global.put(word.name(), word.value())));
    var matcher = VARIABLE.matcher(from.image());
    while (matcher.find()) {
      String name = matcher.group(1);
      boolean predefined = name.startsWith("TARGET") || name.startsWith("BUILD");
      if (!global.containsKey(name) && !predefined) {
        add("UndefinedArgInFrom", from, "FROM argument '" + name + "' is not declared");
      } else if (global.containsKey(name)
          && global.get(name) == null
          && matcher.group(2) == null
          && !predefined) {
        add(
            "InvalidDefaultArgInFrom",
            from,
            "Default value for ARG "
                + from.image()
                + " results in empty or invalid base image name");
      }
    }
  }

  private void instruction(Instruction instruction, Set<String> known, Map<String, Integer> once) {
    switch (instruction) {
      case Instruction.Maintainer _ ->
          add(
              "MaintainerDeprecated",
              instruction,
              "Maintainer instruction is deprecated in favor of using label");
      case Instruction.Cmd cmd -> {
        only("CMD", instruction, once);
        json("CMD", instruction, cmd.command());
      }
      case Instruction.Entrypoint entrypoint -> {
        only("ENTRYPOINT", instruction, once);
        json("ENTRYPOINT", instruction, entrypoint.command());
      }
      case Instruction.Health _ -> only("HEALTHCHECK", instruction, once);
      case Instruction.Env env -> {
        pairs(instruction, env.pairs(), true);
        env.pairs().forEach(pair -> undefined(instruction, pair.value(), known));
        env.pairs().forEach(pair -> known.add(pair.name()));
      }
      case Instruction.Label label -> pairs(instruction, label.pairs(), false);
      case Instruction.Arg arg ->
          arg.words()
              .forEach(
                  word -> {
                    secret(instruction, "ARG", word.name());
                    known.add(word.name());
                  });
      case Instruction.Workdir workdir -> {
        undefined(instruction, workdir.path(), known);
        String path = workdir.path();
        if (path.startsWith("/") || path.startsWith("$")) {
          known.add("//");
        } else if (!known.contains("//")) {
          add(
              "WorkdirRelativePath",
              instruction,
              "Relative workdir \""
                  + path
                  + "\" can have unexpected results if the base image changes");
        }
      }
      case Instruction.Expose expose -> expose.ports().forEach(port -> port(instruction, port));
      case Instruction.Copy copy -> {
        copy.sources().forEach(source -> undefined(instruction, source, known));
        copy.sources().forEach(source -> ignored(copy, source));
        undefined(instruction, copy.destination(), known);
      }
      case Instruction.User user -> undefined(instruction, user.user(), known);
      case Instruction.From _,
          Instruction.Run _,
          Instruction.Shell _,
          Instruction.Volume _,
          Instruction.StopSignal _,
          Instruction.OnBuild _ -> {}
    }
  }

  private void ignored(Instruction.Copy copy, String source) {
    boolean elsewhere =
        copy.flags().from() != null || source.contains("://") || source.contains("<<");
    String path = source.replaceFirst("^(\\./|/)+", "");
    if (!elsewhere && !path.contains("$") && !path.isEmpty() && ignored.ignores(path)) {
      add(
          "CopyIgnoredFile",
          copy,
          "Attempting to "
              + (copy.add() ? "Add" : "Copy")
              + " file \""
              + source
              + "\" that is excluded by .dockerignore");
    }
  }

  private void only(String verb, Instruction instruction, Map<String, Integer> once) {
    if (once.merge(verb, 1, Integer::sum) > 1) {
      add(
          "MultipleInstructionsDisallowed",
          instruction,
          "Multiple "
              + verb
              + " instructions should not be used in the same stage because only the last one will be used");
    }
  }

  private void json(String verb, Instruction instruction, CommandLine command) {
    if (!command.exec() && !command.words().isEmpty()) {
      add(
          "JSONArgsRecommended",
          instruction,
          "JSON arguments recommended for "
              + verb
              + " to prevent unintended behavior related to OS signals");
    }
  }

  private void pairs(Instruction instruction, List<Pair> pairs, boolean secrets) {
    for (Pair pair : pairs) {
      if (pair.old()) {
        add(
            "LegacyKeyValueFormat",
            instruction,
            "\""
                + verb(instruction)
                + " key=value\" should be used instead of legacy \""
                + verb(instruction)
                + " key value\" format");
      }
      if (secrets) {
        secret(instruction, "ENV", pair.name());
      }
    }
  }

  private void secret(Instruction instruction, String verb, String name) {
    if (SECRET.matcher(name).matches()) {
      add(
          "SecretsUsedInArgOrEnv",
          instruction,
          "Do not use ARG or ENV instructions for sensitive data (" + verb + " \"" + name + "\")");
    }
  }

  /// Only in stages that stand on nothing we cannot know: what an image sets is its own business.
  private void undefined(Instruction instruction, String text, Set<String> known) {
    boolean scratch =
        file.stages().stream()
            .anyMatch(
                s -> s.instructions().contains(instruction) && s.from().image().equals("scratch"));
    var matcher = VARIABLE.matcher(text);
    while (scratch && matcher.find()) {
      String name = matcher.group(1);
      if (!known.contains(name) && matcher.group(2) == null) {
        add("UndefinedVar", instruction, "Usage of undefined variable '$" + name + "'");
      }
    }
  }

  private void port(Instruction instruction, String port) {
    int slash = port.indexOf('/');
    String protocol = slash < 0 ? "" : port.substring(slash + 1);
    if (!protocol.equals(lower(protocol))) {
      add(
          "ExposeProtoCasing",
          instruction,
          "Defined protocol '" + port + "' in EXPOSE should be lowercase");
    }
    if (port.indexOf(':') >= 0) {
      add(
          "ExposeInvalidFormat",
          instruction,
          "EXPOSE instruction should not define an IP address or host-port mapping, found '"
              + port
              + "'");
    }
  }
}
