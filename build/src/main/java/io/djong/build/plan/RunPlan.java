package io.djong.build.plan;

import io.djong.build.dockerfile.CommandLine;
import io.djong.build.dockerfile.Heredoc;
import io.djong.build.dockerfile.Instruction;
import io.djong.build.dockerfile.MountSpec;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Operation.RunMount;
import io.djong.build.graph.Step;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes a step of a RUN. For one instruction.
final class RunPlan {
  /// Where a script that names its own interpreter lies while it runs.
  private static final String SCRIPTS = "/dev/pipes";

  private final StageBuilder stage;
  private final List<Step> inputs = new ArrayList<>();
  private final List<RunMount> mounts = new ArrayList<>();

  RunPlan(StageBuilder stage) {
    this.stage = stage;
  }

  /// @return what history says
  String add(Instruction.Run run) throws IOException, InterruptedException {
    ImageDraft draft = stage.draft();
    inputs.add(draft.tree);
    check(run);
    for (MountSpec mount : run.mounts()) {
      mount(mount.expanded(stage.expansion()));
    }
    List<String> args = command(run).under(draft.shell());
    List<String> env = new ArrayList<>();
    for (Map.Entry<String, String> variable : stage.environment().entrySet()) {
      env.add(variable.getKey() + "=" + variable.getValue());
    }
    draft.tree =
        stage
            .planner()
            .graph()
            .step(
                new Operation.Run(
                    args,
                    env,
                    draft.workingDir(),
                    draft.user == null ? "" : draft.user,
                    mounts,
                    run.network(),
                    run.security().equals("insecure"),
                    stage.planner().request().surroundings().extraHosts()),
                inputs);
    return "RUN " + (run.command().exec() ? StageBuilder.quoted(args) : String.join(" ", args));
  }

  /// A Dockerfile is a stranger's: it cannot give itself what only who builds can give.
  private void check(Instruction.Run run) {
    if (run.security().equals("insecure")) {
      throw new Fault.Denied(
          "RUN --security=insecure is not allowed: a build cannot have all privileges of the"
              + " machine");
    }
    String network = stage.planner().request().surroundings().network();
    if (run.network().equals("host") && !network.equals("host")) {
      throw new Fault.Denied(
          "RUN --network=host is not allowed: build with --network=host to give the steps the"
              + " machine's network");
    }
  }

  private CommandLine command(Instruction.Run run) {
    CommandLine written = run.command();
    if (run.heredocs().isEmpty()) {
      return written;
    }
    if (written.exec() || written.words().size() != 1) {
      throw new Fault.Invalid("a heredoc goes with the shell form of RUN alone");
    }
    String line = written.words().getFirst();
    Heredoc first = run.heredocs().getFirst();
    if (run.heredocs().size() == 1 && isAnnouncement(line)) {
      String script = first.text();
      if (script.startsWith("#!")) {
        return ownInterpreter(first.name(), script);
      }
      return new CommandLine(false, List.of(script));
    }
    StringBuilder whole = new StringBuilder(line);
    for (Heredoc heredoc : run.heredocs()) {
      whole.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return new CommandLine(false, List.of(whole.toString()));
  }

  private static boolean isAnnouncement(String line) {
    return line.startsWith("<<") && line.chars().noneMatch(Character::isWhitespace);
  }

  private CommandLine ownInterpreter(String name, String script) {
    Step files = stage.planner().graph().step(new Operation.Inline(Map.of(name, script), 0755));
    inputs.add(files);
    MountSpec spec =
        new MountSpec(MountSpec.Type.BIND, Map.of("target", SCRIPTS, "readwrite", "false"));
    mounts.add(new RunMount(spec, inputs.size() - 1));
    return new CommandLine(true, List.of(SCRIPTS + "/" + name));
  }

  private void mount(MountSpec spec) throws IOException, InterruptedException {
    int input = -1;
    String from = spec.value("from");
    if (from != null) {
      inputs.add(stage.planner().from(from, stage.stage()));
      input = inputs.size() - 1;
    } else if (spec.type() == MountSpec.Type.BIND) {
      inputs.add(stage.planner().context());
      input = inputs.size() - 1;
    }
    mounts.add(new RunMount(spec, input));
  }
}
