package io.djong.build.plan;

import io.djong.build.dockerfile.CommandLine;
import io.djong.build.dockerfile.Dockerfile.Stage;
import io.djong.build.dockerfile.Expansion;
import io.djong.build.dockerfile.Instruction;
import io.djong.build.dockerfile.Instruction.ArgWord;
import io.djong.build.dockerfile.Instruction.Pair;
import io.djong.build.dockerfile.Suggestion;
import io.djong.build.dockerfile.Variables;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Step;
import io.djong.model.Fault;
import io.djong.model.ImageConfig.History;
import io.djong.model.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Applies the instructions of one stage, one after the other, to the image that grows. For one
/// thread.
final class StageBuilder {
  static final String COMMENT = "djong.dockerfile.v0";

  private final Planner planner;
  private final Stage stage;
  private final ImageDraft draft;

  /// ARGs of this stage that have a value.
  private final Map<String, String> args = new LinkedHashMap<>();

  StageBuilder(Planner planner, Stage stage, ImageDraft draft) {
    this.planner = planner;
    this.stage = stage;
    this.draft = draft;
  }

  Planner planner() {
    return planner;
  }

  Stage stage() {
    return stage;
  }

  ImageDraft draft() {
    return draft;
  }

  Map<String, String> args() {
    return args;
  }

  private @Nullable String value(String name) {
    String own = draft.env.get(name);
    return own != null ? own : args.get(name);
  }

  Variables variables() {
    return this::value;
  }

  Expansion expansion() {
    return Expansion.ofWords(planner.escape(), variables());
  }

  String expand(String word) {
    return expansion().word(word);
  }

  /// @throws Fault.Invalid if it makes no sense here
  void add(Instruction instruction) throws IOException, InterruptedException {
    Step before = draft.tree;
    String said =
        switch (instruction) {
          case Instruction.From _ -> throw new Fault.Invalid("FROM begins a stage");
          case Instruction.Run run -> new RunPlan(this).add(run);
          case Instruction.Copy copy -> new CopyPlan(this).add(copy);
          case Instruction.Workdir(var _, String path) -> workdir(path);
          case Instruction.Arg arg -> arg(arg);
          case Instruction.Env(var _, List<Pair> pairs) -> env(pairs);
          case Instruction.Label(var _, List<Pair> pairs) -> label(pairs);
          case Instruction.Cmd(var _, CommandLine command) -> {
            draft.cmd = command.under(draft.shell());
            draft.ownCmd = true;
            yield "CMD " + quoted(draft.cmd);
          }
          case Instruction.Entrypoint(var _, CommandLine command) -> {
            draft.entrypoint = command.under(draft.shell());
            if (!draft.ownCmd) {
              draft.cmd = null;
            }
            yield "ENTRYPOINT " + quoted(draft.entrypoint);
          }
          case Instruction.Shell(var _, List<String> words) -> {
            draft.shell = words;
            yield "SHELL " + quoted(words);
          }
          case Instruction.Expose(var _, List<String> ports) -> expose(ports);
          case Instruction.Volume(var _, List<String> paths) -> volume(paths);
          case Instruction.User(var _, String user) -> {
            draft.user = expand(user);
            yield "USER " + draft.user;
          }
          case Instruction.StopSignal(var _, String signal) -> {
            draft.stopSignal = signal(expand(signal));
            yield "STOPSIGNAL " + draft.stopSignal;
          }
          case Instruction.Maintainer(var _, String name) -> {
            draft.author = name;
            yield "MAINTAINER " + name;
          }
          case Instruction.Health(var _, var check) -> {
            draft.health = check;
            yield instruction.place().words();
          }
          case Instruction.OnBuild(var _, String trigger) -> {
            draft.onBuild.add(trigger);
            yield "ONBUILD " + trigger;
          }
        };
    draft.history.add(
        new HistoryLine(new History(null, null, said, COMMENT, true), !draft.tree.equals(before)));
    planner.addLine(instruction, before, draft.tree);
  }

  static String quoted(@Nullable List<String> words) {
    StringBuilder text = new StringBuilder("[");
    for (String word : words == null ? List.<String>of() : words) {
      if (text.length() > 1) {
        text.append(' ');
      }
      text.append('"').append(word.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return text.append(']').toString();
  }

  private String workdir(String written) {
    String path = expand(written);
    if (path.isEmpty()) {
      throw new Fault.Invalid("cannot normalize nothing: WORKDIR is empty");
    }
    String whole = inside(draft.workingDir(), path);
    draft.workingDir = whole;
    if (!whole.equals("/")) {
      draft.tree = planner.graph().step(new Operation.MakeFolder(whole), draft.tree);
    }
    return "WORKDIR " + whole;
  }

  /// A path of the tree, complete and without detours.
  static String inside(String folder, String path) {
    if (path.indexOf('\0') >= 0) {
      throw new Fault.Invalid("a path with NUL in it");
    }
    String whole = Path.of("/").resolve(folder).resolve(path).normalize().toString();
    return whole.isEmpty() ? "/" : whole;
  }

  private String arg(Instruction.Arg arg) {
    StringBuilder said = new StringBuilder("ARG");
    for (ArgWord word : arg.words()) {
      String written = word.value();
      String fallback = written == null ? null : expand(written);
      String name = expand(word.name());
      String value = planner.arguments().declare(name, fallback);
      if (value != null) {
        args.put(name, value);
      }
      // What was given for it is nobody's business but the build's.
      said.append(' ').append(name).append(fallback == null ? "" : "=" + fallback);
    }
    return said.toString();
  }

  private String env(List<Pair> pairs) {
    Map<String, String> values = expanded(pairs);
    StringBuilder said = new StringBuilder("ENV");
    values.forEach((name, value) -> said.append(' ').append(name).append('=').append(value));
    draft.env.putAll(values);
    return said.toString();
  }

  /// With what variables mean before the instruction.
  private Map<String, String> expanded(List<Pair> pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      String name = expand(pair.name());
      if (name.isEmpty()) {
        throw new Fault.Invalid("names can not be blank");
      }
      values.put(name, expand(pair.value()));
    }
    return values;
  }

  private String label(List<Pair> pairs) {
    Map<String, String> values = expanded(pairs);
    StringBuilder said = new StringBuilder("LABEL");
    values.forEach((name, value) -> said.append(' ').append(name).append('=').append(value));
    draft.labels.putAll(values);
    return said.toString();
  }

  private String expose(List<String> words) {
    Map<String, Object> all = new TreeMap<>();
    for (String word : words) {
      for (String port : expansion().words(word)) {
        ExposedPorts.add(port, all);
      }
    }
    draft.ports.putAll(all);
    return "EXPOSE " + all.keySet();
  }

  private String volume(List<String> words) {
    for (String word : words) {
      String path = expand(word).strip();
      if (path.isEmpty()) {
        throw new Fault.Invalid("VOLUME specified can not be an empty string");
      }
      draft.volumes.put(path, Map.of());
    }
    return "VOLUME " + words;
  }

  private static String signal(String name) {
    try {
      Signals.parse(name);
    } catch (Fault.Invalid e) {
      boolean whole = name.toUpperCase(Locale.ROOT).startsWith("SIG");
      String meant = Suggestion.of(whole ? name.substring(3) : name, Signals.names());
      String hint =
          meant == null
              ? "want a name such as SIGTERM, USR1 or SIGRTMIN+3, or a number from 1 to 64"
              : "did you mean " + (whole ? "SIG" : "") + meant + "?";
      String what = name.isEmpty() ? "invalid signal: it is empty" : e.getMessage();
      throw new Fault.Invalid(what + ": " + hint, e);
    }
    return name;
  }

  /// The variables a command of this stage finds.
  Map<String, String> environment() {
    Map<String, String> all = new LinkedHashMap<>(draft.env);
    args.forEach(all::putIfAbsent);
    return all;
  }
}
