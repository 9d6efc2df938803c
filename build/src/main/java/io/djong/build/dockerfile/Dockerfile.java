package io.djong.build.dockerfile;

import io.djong.build.dockerfile.DockerfileText.Position;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A Dockerfile that was read (Dockerfile reference). Immutable.
///
/// @param global what stands before the first stage
/// @param warnings for whoever builds
/// @param emptyContinuations the lines of instructions with an empty line in the middle
public record Dockerfile(
    DockerfileText text,
    Directives directives,
    List<Instruction.Arg> global,
    List<Stage> stages,
    List<String> warnings,
    List<Integer> emptyContinuations) {

  /// One stage: its FROM and what follows.
  ///
  /// @param number from 0
  public record Stage(int number, Instruction.From from, List<Instruction> instructions) {
    public Stage {
      instructions = List.copyOf(instructions);
    }

    /// Its name in lower case, or null.
    public @Nullable String name() {
      String name = from.name();
      return name == null ? null : name.toLowerCase(Locale.ROOT);
    }
  }

  /// Reads a Dockerfile that includes no other files.
  ///
  /// @throws Fault.Invalid if it cannot be read; the message shows the place
  public static Dockerfile parse(DockerfileText text) {
    List<String> warnings = new ArrayList<>();
    return parse(text, Directives.read(text, warnings), warnings);
  }

  /// Reads a Dockerfile with what it includes.
  ///
  /// @param files reads a file of the context; gives null if there is none
  /// @throws Fault.Invalid if it cannot be read; the message shows the place
  public static Dockerfile parse(DockerfileText text, IncludedFiles files) throws IOException {
    List<String> warnings = new ArrayList<>();
    Directives directives = Directives.read(text, warnings);
    DockerfileText whole =
        directives.extensions() ? Includes.expand(text, directives.escape(), files) : text;
    return parse(whole, directives, warnings);
  }

  /// Reads files of the context.
  @FunctionalInterface
  public interface IncludedFiles {
    byte @Nullable [] read(String path) throws IOException;
  }

  private static Dockerfile parse(
      DockerfileText text, Directives directives, List<String> warnings) {
    List<Instruction.Arg> global = new ArrayList<>();
    List<Stage> stages = new ArrayList<>();
    List<Integer> emptyContinuations = new ArrayList<>();
    Instruction.From from = null;
    List<Instruction> current = new ArrayList<>();
    InstructionReader reader =
        new InstructionReader(text, directives.escape(), directives.extensions());
    for (LogicalLine line : new LineReader(text, directives.escape()).read()) {
      if (line.emptyContinuation()) {
        emptyContinuations.add(line.first());
      }
      Instruction instruction = reader.read(line);
      if (instruction instanceof Instruction.From next) {
        if (from != null) {
          stages.add(new Stage(stages.size(), from, current));
        }
        from = next;
        current = new ArrayList<>();
      } else if (from != null) {
        current.add(instruction);
      } else if (instruction instanceof Instruction.Arg arg) {
        global.add(arg);
      } else {
        throw text.mistake(
            line.at(0),
            line.text().length(),
            "no build stage in current context: FROM must come first");
      }
    }
    if (from == null) {
      String why =
          global.isEmpty() ? "file with no instructions" : "no build stage: there is no FROM";
      throw new Fault.Invalid("the Dockerfile (" + text.name() + ") cannot be built: " + why);
    }
    stages.add(new Stage(stages.size(), from, current));
    return new Dockerfile(
        text,
        directives,
        List.copyOf(global),
        List.copyOf(stages),
        List.copyOf(warnings),
        List.copyOf(emptyContinuations));
  }

  /// Reads an instruction that an image asks for when something is built on it.
  ///
  /// @throws Fault.Invalid if it cannot be read
  public static Instruction parseTrigger(String trigger) {
    DockerfileText text =
        DockerfileText.of("ONBUILD", trigger.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    List<LogicalLine> lines = new LineReader(text, '\\').read();
    if (lines.size() != 1) {
      throw text.mistake(new Position(1, 1), 1, "a trigger is one instruction");
    }
    return new InstructionReader(text, '\\', false).read(lines.getFirst());
  }
}
