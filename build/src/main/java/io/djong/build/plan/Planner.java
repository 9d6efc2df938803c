package io.djong.build.plan;

import io.djong.build.BuildRequest;
import io.djong.build.BuildRequest.NamedContext;
import io.djong.build.ImageSupply;
import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.Dockerfile.Stage;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.build.dockerfile.Expansion;
import io.djong.build.dockerfile.Instruction;
import io.djong.build.graph.Graph;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Step;
import io.djong.model.Fault;
import io.djong.model.Platform;
import io.djong.model.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a plan of a Dockerfile: a graph of values, in which images are named by what they hold.
/// For one thread.
public final class Planner {
  private final Dockerfile file;
  private final BuildRequest request;
  private final ImageSupply images;
  private final Graph graph = new Graph();
  private final StageOrder order;
  private final Arguments arguments;
  private final Platform platform;
  private final Step context;
  private final String build;
  private final Stage target;
  private final Map<Integer, ImageDraft> stages = new HashMap<>();
  private final Map<String, ImageSupply.Found> resolved = new HashMap<>();
  private final List<BuildPlan.Line> lines = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /// @param build a word of this build's own
  public Planner(Dockerfile file, BuildRequest request, ImageSupply images, String build) {
    this.file = file;
    this.request = request;
    this.images = images;
    this.order = new StageOrder(file, request.contexts().keySet());
    this.build = build;
    this.platform = request.platform() == null ? Platform.current() : request.platform();
    this.target = order.target(request.target());
    this.arguments =
        new Arguments(request.buildArgs(), platform, target.name(), file.directives().escape());
    this.context = graph.step(new Operation.Context("", build));
    warnings.addAll(file.warnings());
  }

  /// @throws Fault if an instruction makes no sense where it stands, or an image is not there
  public BuildPlan plan() throws IOException, InterruptedException {
    for (Instruction.Arg arg : file.global()) {
      arguments.declareGlobal(arg);
    }
    for (Stage stage : order.needed(target)) {
      stages.put(stage.number(), build(stage));
    }
    ImageDraft draft = stages.get(target.number());
    if (draft == null) {
      throw new IllegalStateException("the target is always needed");
    }
    draft.labels.putAll(request.labels());
    if (!arguments.unused().isEmpty()) {
      warnings.add(
          "[Warning] One or more build-args ["
              + String.join(" ", arguments.unused())
              + "] were not consumed");
    }
    return new BuildPlan(
        List.copyOf(lines),
        draft.tree,
        draft.base(),
        draft.config(),
        draft.platform(),
        draft.author,
        List.copyOf(draft.history),
        List.copyOf(warnings));
  }

  private ImageDraft build(Stage stage) throws IOException, InterruptedException {
    Instruction.From from = stage.from();
    ImageDraft draft;
    String image;
    try {
      Expansion expansion = Expansion.ofWords(file.directives().escape(), arguments.inFrom());
      image = expansion.word(from.image());
      Stage other = order.earlier(image, stage.number());
      if (image.isEmpty()) {
        throw new Fault.Invalid("base name (" + from.image() + ") should not be blank");
      }
      draft = other == null ? base(image, from.platform(), expansion) : above(other);
    } catch (Fault.NotFound e) {
      String hint = order.hint(from.image(), stage.number());
      throw at(from, new Fault.NotFound(e.getMessage() + hint));
    } catch (Fault e) {
      throw at(from, e);
    }
    addLine(from, null, draft.tree);
    StageBuilder builder = new StageBuilder(this, stage, draft);
    List<String> triggers = List.copyOf(draft.onBuild);
    draft.onBuild.clear();
    for (String trigger : triggers) {
      try {
        builder.add(Dockerfile.parseTrigger(trigger));
      } catch (Fault.Invalid e) {
        throw at(from, new Fault.Invalid("ONBUILD " + trigger + ": " + e.getMessage(), e));
      }
    }
    for (Instruction instruction : stage.instructions()) {
      try {
        builder.add(instruction);
      } catch (Fault e) {
        throw at(instruction, e);
      }
    }
    return draft;
  }

  private ImageDraft above(Stage other) {
    ImageDraft below = stages.get(other.number());
    if (below == null) {
      throw new IllegalStateException("stages are built in the order of the file");
    }
    return below.next();
  }

  private ImageDraft base(String image, @Nullable String flag, Expansion expansion)
      throws IOException, InterruptedException {
    NamedContext named = request.contexts().get(image.toLowerCase(Locale.ROOT));
    Step nothing = graph.step(new Operation.Image(List.of()));
    if (named instanceof NamedContext.Remote || named instanceof NamedContext.Part) {
      return ImageDraft.empty(platform, asTree(image.toLowerCase(Locale.ROOT), nothing));
    }
    if (image.equals("scratch") && named == null) {
      return ImageDraft.empty(platform, nothing);
    }
    Platform wanted = flag == null ? request.platform() : platform(expansion.word(flag));
    ImageSupply.Found found =
        image(named instanceof NamedContext.Image(String other) ? other : image, wanted);
    return ImageDraft.of(found, graph.step(new Operation.Image(found.config().rootfs().diffIds())));
  }

  /// The files of a context as what a stage stands on.
  private Step asTree(String name, Step nothing) {
    return graph.step(
        new Operation.Copy(
            List.of(new Operation.Source(1, List.of("."), false, null)),
            "/",
            null,
            null,
            false,
            false,
            List.of(),
            false),
        nothing,
        graph.step(new Operation.Context(name, build)));
  }

  private static @Nullable Platform platform(String text) {
    if (text.isEmpty()) {
      return null;
    }
    String[] parts = text.split("/", -1);
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw new Fault.Invalid("failed to parse platform " + text);
    }
    Platform here = Platform.current();
    return new Platform(
        parts.length > 1 ? parts[1] : here.architecture(),
        parts[0],
        null,
        parts.length > 2 ? parts[2] : null);
  }

  private ImageSupply.Found image(String name, @Nullable Platform wanted)
      throws IOException, InterruptedException {
    String key = name + " " + wanted;
    ImageSupply.Found found = resolved.get(key);
    if (found == null) {
      found = images.resolve(name, wanted, request.pull(), request.logins(), Progress.NONE);
      resolved.put(key, found);
    }
    return found;
  }

  /// The tree that `--from` names to somebody in a stage: an earlier stage's or an image's.
  Step from(String name, Stage stage) throws IOException, InterruptedException {
    switch (request.contexts().get(name.toLowerCase(Locale.ROOT))) {
      case NamedContext.Image(String image) -> {
        return graph.step(
            new Operation.Image(image(image, request.platform()).config().rootfs().diffIds()));
      }
      case NamedContext.Remote _, NamedContext.Part _ -> {
        return graph.step(new Operation.Context(name.toLowerCase(Locale.ROOT), build));
      }
      case null -> {}
    }
    Stage other = order.earlier(name, stage.number());
    if (other != null) {
      ImageDraft draft = stages.get(other.number());
      if (draft == null) {
        throw new Fault.Invalid("stage " + name + " is only named by a trigger, and not built");
      }
      return draft.tree;
    }
    if (name.equalsIgnoreCase(String.valueOf(stage.name()))) {
      throw new Fault.Invalid("circular dependency: the stage " + name + " copies from itself");
    }
    try {
      return graph.step(
          new Operation.Image(image(name, request.platform()).config().rootfs().diffIds()));
    } catch (Fault.NotFound e) {
      throw new Fault.NotFound(e.getMessage() + order.hint(name, stage.number()));
    }
  }

  Graph graph() {
    return graph;
  }

  Step context() {
    return context;
  }

  Arguments arguments() {
    return arguments;
  }

  char escape() {
    return file.directives().escape();
  }

  BuildRequest request() {
    return request;
  }

  void addLine(Instruction instruction, @Nullable Step before, Step after) {
    lines.add(
        new BuildPlan.Line(
            lines.size() + 1,
            instruction.place().words(),
            instruction.place().line(),
            before,
            after));
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /// The same fault with the place where it is written.
  private Fault at(Instruction instruction, Fault fault) {
    String message = String.valueOf(fault.getMessage());
    DockerfileText.Position position = instruction.place().position();
    int length = instruction.place().words().length();
    String shown = message + "\n" + file.text().excerpt(position, length);
    return switch (fault) {
      case Fault.Invalid invalid ->
          message.startsWith("dockerfile parse error")
              ? invalid
              : file.text().mistake(position, length, message);
      case Fault.NotFound _ -> new Fault.NotFound(shown);
      case Fault.Denied _ -> new Fault.Denied(shown);
      default -> fault;
    };
  }
}
