package io.djong.build.plan;

import io.djong.build.dockerfile.Expansion;
import io.djong.build.dockerfile.Heredoc;
import io.djong.build.dockerfile.Instruction;
import io.djong.build.dockerfile.Instruction.CopyFlags;
import io.djong.build.graph.Operation;
import io.djong.build.graph.Operation.Source;
import io.djong.build.graph.Step;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a step of a COPY or ADD. For one instruction.
final class CopyPlan {
  private final StageBuilder stage;
  private final List<Step> inputs = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();

  CopyPlan(StageBuilder stage) {
    this.stage = stage;
  }

  /// @return what history says
  String add(Instruction.Copy copy) throws IOException, InterruptedException {
    ImageDraft draft = stage.draft();
    CopyFlags flags = copy.flags();
    inputs.add(draft.tree);
    for (String source : copy.sources()) {
      source(copy, source);
    }
    String destination = destination(stage.expand(copy.destination()));
    if (sources.size() > 1 && !destination.endsWith("/")) {
      throw new Fault.Invalid(
          "When using "
              + (copy.add() ? "ADD" : "COPY")
              + " with more than one source file, the destination must be a directory and end with"
              + " a /");
    }
    draft.tree =
        stage
            .planner()
            .graph()
            .step(
                new Operation.Copy(
                    sources,
                    destination,
                    expanded(flags.owner()),
                    expanded(flags.mode()),
                    flags.link(),
                    flags.parents(),
                    flags.exclude().stream().map(stage::expand).toList(),
                    flags.ifExists()),
                inputs);
    return (copy.add() ? "ADD " : "COPY ") + written(copy);
  }

  /// The words as history has them: without secrets of URLs, heredocs by their names.
  private static String written(Instruction.Copy copy) {
    StringBuilder said = new StringBuilder();
    if (copy.flags().from() != null) {
      said.append("--from=").append(copy.flags().from()).append(' ');
    }
    for (String source : copy.sources()) {
      said.append(withoutUser(source)).append(' ');
    }
    return said.append(copy.destination()).toString();
  }

  private static String withoutUser(String url) {
    int scheme = url.indexOf("://");
    int at = url.indexOf('@', Math.max(0, scheme));
    int slash = url.indexOf('/', scheme + 3);
    return scheme > 0 && at > 0 && (slash < 0 || at < slash)
        ? url.substring(0, scheme + 3) + url.substring(at + 1)
        : url;
  }

  private @Nullable String expanded(@Nullable String word) {
    return word == null ? null : stage.expand(word);
  }

  private String destination(String path) {
    if (path.isEmpty()) {
      throw new Fault.Invalid("the destination is empty");
    }
    boolean folder =
        path.endsWith("/")
            || path.equals(".")
            || path.equals("..")
            || path.endsWith("/.")
            || path.endsWith("/..");
    String whole = StageBuilder.inside(stage.draft().workingDir(), path);
    return folder && !whole.endsWith("/") ? whole + "/" : whole;
  }

  private void source(Instruction.Copy copy, String written)
      throws IOException, InterruptedException {
    for (Heredoc heredoc : copy.heredocs()) {
      if (isAnnouncementOf(written, heredoc)) {
        heredoc(heredoc);
        return;
      }
    }
    String source = stage.expand(written);
    if (source.isEmpty()) {
      throw new Fault.Invalid("a source is empty");
    }
    CopyFlags flags = copy.flags();
    if (copy.add() && RemoteNames.isGit(source)) {
      step(
          new Operation.Git(source, expanded(flags.checksum()), flags.keepGitDir()),
          new Source(inputs.size(), List.of("."), false, null));
      return;
    }
    if (copy.add() && RemoteNames.isHttp(source)) {
      boolean unpack = Boolean.TRUE.equals(flags.unpack());
      step(
          new Operation.Download(source, expanded(flags.checksum())),
          new Source(inputs.size(), List.of("*"), unpack, RemoteNames.file(source)));
      return;
    }
    if (flags.checksum() != null) {
      throw new Fault.Invalid("checksum can't be specified for a source that is no URL: " + source);
    }
    Step tree =
        flags.from() == null
            ? stage.planner().context()
            : stage.planner().from(flags.from(), stage.stage());
    boolean unpack = copy.add() && !Boolean.FALSE.equals(flags.unpack());
    inputs.add(tree);
    sources.add(new Source(inputs.size() - 1, List.of(source), unpack, null));
  }

  private static boolean isAnnouncementOf(String word, Heredoc heredoc) {
    String bare = word.replace("\"", "").replace("'", "").replace("\\", "");
    return bare.endsWith("<<" + heredoc.name()) || bare.endsWith("<<-" + heredoc.name());
  }

  private void step(Operation operation, Source source) {
    inputs.add(stage.planner().graph().step(operation));
    sources.add(source);
  }

  private void heredoc(Heredoc heredoc) {
    String text = heredoc.text();
    if (heredoc.expand()) {
      text = Expansion.ofDocuments(stage.planner().escape(), stage.variables()).word(text);
    }
    step(
        new Operation.Inline(Map.of(heredoc.name(), text), 0644),
        new Source(inputs.size(), List.of(heredoc.name()), false, null));
  }
}
