package io.djong.build.plan;

import io.djong.build.dockerfile.Dockerfile;
import io.djong.build.dockerfile.Dockerfile.Stage;
import io.djong.build.dockerfile.Instruction;
import io.djong.build.dockerfile.MountSpec;
import io.djong.build.dockerfile.Suggestion;
import io.djong.model.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which stages a target needs, and what a name means: an earlier stage, or an image. Pure.
final class StageOrder {
  private final Dockerfile file;
  private final Set<String> contexts;

  /// @param contexts names that mean something else than a stage, in lower case
  StageOrder(Dockerfile file, Set<String> contexts) {
    this.file = file;
    this.contexts = contexts;
  }

  /// The stage to build.
  ///
  /// @throws Fault.Invalid in Docker's words if there is none of that name
  Stage target(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return file.stages().getLast();
    }
    Stage found = stage(name, file.stages().size());
    if (found == null) {
      throw new Fault.Invalid(
          "failed to reach build target "
              + name
              + " in "
              + file.text().name()
              + ": there is no stage of that name");
    }
    return found;
  }

  /// The stage that a name or a number means to somebody in the stage `before`; null if it is none.
  @Nullable Stage earlier(String name, int before) {
    return contexts.contains(name.toLowerCase(Locale.ROOT)) ? null : stage(name, before);
  }

  /// What may have been meant by a name that is neither a stage's nor an image's; empty if nothing
  /// is near.
  ///
  /// @param before who means it
  String hint(String name, int before) {
    Stage later = stage(name, file.stages().size());
    if (later != null) {
      return "\nthe stage "
          + name
          + " begins on line "
          + later.from().place().line()
          + ", after it";
    }
    List<String> names =
        file.stages().subList(0, before).stream()
            .flatMap(stage -> Stream.ofNullable(stage.name()))
            .toList();
    String near = Suggestion.of(name, names);
    return near == null ? "" : "\nno stage is called " + name + ": did you mean " + near + "?";
  }

  private @Nullable Stage stage(String name, int before) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (int i = Math.min(before, file.stages().size()) - 1; i >= 0; i--) {
      if (lower.equals(file.stages().get(i).name())) {
        return file.stages().get(i);
      }
    }
    try {
      int number = Integer.parseInt(name);
      if (number >= 0 && number < before) {
        return file.stages().get(number);
      }
    } catch (NumberFormatException e) {
      return null;
    }
    return null;
  }

  /// The target and what it needs, in the order of the file.
  List<Stage> needed(Stage target) {
    TreeSet<Integer> found = new TreeSet<>();
    Deque<Stage> todo = new ArrayDeque<>(List.of(target));
    while (!todo.isEmpty()) {
      Stage stage = todo.pop();
      if (!found.add(stage.number())) {
        continue;
      }
      for (String name : references(stage)) {
        Stage other = earlier(name, stage.number());
        if (other != null) {
          todo.push(other);
        }
      }
    }
    return found.stream().map(file.stages()::get).toList();
  }

  private static List<String> references(Stage stage) {
    List<String> all = new ArrayList<>(List.of(stage.from().image()));
    for (Instruction instruction : stage.instructions()) {
      all.addAll(references(instruction));
    }
    return all;
  }

  static List<String> references(Instruction instruction) {
    List<String> all = new ArrayList<>();
    if (instruction instanceof Instruction.Copy copy && copy.flags().from() != null) {
      all.add(copy.flags().from());
    }
    if (instruction instanceof Instruction.Run run) {
      for (MountSpec mount : run.mounts()) {
        String from = mount.value("from");
        if (from != null) {
          all.add(from);
        }
      }
    }
    return all;
  }
}
