package io.djong.build.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.build.dockerfile.Instruction.Pair;
import io.djong.model.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How a Dockerfile is read.
final class DockerfileTest {
  private static Dockerfile parse(String text) {
    return Dockerfile.parse(DockerfileText.of("Dockerfile", text.getBytes(UTF_8)));
  }

  private static Instruction only(String line) {
    return parse("FROM scratch\n" + line).stages().getFirst().instructions().getFirst();
  }

  @Test
  void linesGoOnOverCommentsAndEmptyOnes() {
    Dockerfile file =
        parse(
            """
            FROM scratch
            RUN a && \\
              # not this

                b \\
                c
            """);

    assertThat(file.stages().getFirst().instructions().getFirst().place().words())
        .isEqualTo("RUN a &&     b     c");
    assertThat(file.emptyContinuations()).containsExactly(2);
  }

  @Test
  void theEscapeDirectiveChangesWhatALineEndsWith() {
    Dockerfile file = parse("# escape=`\nFROM scratch\nRUN a `\n b c:\\\n");

    assertThat(file.stages().getFirst().instructions()).hasSize(1);
    assertThat(file.stages().getFirst().instructions().getFirst().place().words())
        .isEqualTo("RUN a  b c:\\");
  }

  @Test
  void knownSyntaxesAreOursAndOthersWarn() {
    assertThat(parse("# syntax=docker/dockerfile:1.7\nFROM scratch").warnings()).isEmpty();
    assertThat(parse("#syntax = evil/image\nFROM scratch").warnings())
        .singleElement()
        .asString()
        .contains("evil/image");
    assertThat(parse("FROM scratch\n# syntax=evil/image").warnings()).isEmpty();
  }

  @Test
  void heredocsBelongToTheirInstruction() {
    Dockerfile file =
        parse(
            """
            FROM scratch
            COPY <<one <<-"two" /d/
            a $x
            one
            \tb $x
            \ttwo
            RUN <<EOT cat
            FROM nothing
            EOT
            """);

    var copy = (Instruction.Copy) file.stages().getFirst().instructions().getFirst();
    assertThat(copy.heredocs())
        .extracting(Heredoc::name, Heredoc::expand, Heredoc::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("one", true, "a $x\n"),
            org.assertj.core.groups.Tuple.tuple("two", false, "b $x\n"));
    assertThat(file.stages()).hasSize(1);
    assertThat(file.stages().getFirst().instructions()).hasSize(2);
  }

  @Test
  void bothFormsOfCommandsAreRead() {
    assertThat(((Instruction.Cmd) only("CMD [\"a\", \"b c\"]")).command())
        .isEqualTo(new CommandLine(true, List.of("a", "b c")));
    assertThat(((Instruction.Cmd) only("CMD [\"a\", b]")).command())
        .isEqualTo(new CommandLine(false, List.of("[\"a\", b]")));
    assertThat(((Instruction.Run) only("RUN a  'b'")).command())
        .isEqualTo(new CommandLine(false, List.of("a  'b'")));
  }

  @Test
  void bothFormsOfPairsAreRead() {
    assertThat(((Instruction.Env) only("ENV a=b c=\"d e\"")).pairs())
        .containsExactly(new Pair("a", "b", false), new Pair("c", "\"d e\"", false));
    assertThat(((Instruction.Env) only("ENV a b  c")).pairs())
        .containsExactly(new Pair("a", "b  c", true));
  }

  @Test
  void flagsOfMountsHaveFields() {
    var run =
        (Instruction.Run)
            only(
                "RUN --mount=type=secret,id=x,required --mount=target=/c,src=a,rw --network=none ls");

    assertThat(run.network()).isEqualTo("none");
    assertThat(run.mounts().getFirst().type()).isEqualTo(MountSpec.Type.SECRET);
    assertThat(run.mounts().getFirst().flag("required")).isTrue();
    assertThat(run.mounts().get(1).value("source")).isEqualTo("a");
    assertThat(run.mounts().get(1).flag("readwrite")).isTrue();
    assertThat(run.command().words()).containsExactly("ls");
  }

  @Test
  void stagesHaveNamesAndNumbers() {
    Dockerfile file = parse("ARG v\nFROM a AS One\nFROM --platform=linux/arm64 b\n");

    assertThat(file.global()).hasSize(1);
    assertThat(file.stages().getFirst().name()).isEqualTo("one");
    assertThat(file.stages().get(1).from().platform()).isEqualTo("linux/arm64");
  }

  @Test
  void anIncludedFileStandsWhereItIsNamedAndItsMistakesAreShownThere() throws Exception {
    Map<String, String> files =
        Map.of(
            "parts/one", "ENV A=b\nINCLUDE parts/two\n",
            "parts/two", "RUN two \\\n  more\n",
            "parts/bad", "ENV A=b\nRUUN x\n",
            "parts/round", "INCLUDE parts/round\n");
    Dockerfile.IncludedFiles read =
        path -> files.containsKey(path) ? files.get(path).getBytes(UTF_8) : null;
    String head = "# djong: extensions\nFROM a\n";

    assertThat(included(head + "include parts/one\nCMD [\"c\"]\n", read))
        .containsExactly("ENV A=b", "RUN two more", "CMD [\"c\"]");
    assertThat(included(head + "RUN <<EOT\nINCLUDE parts/one\nEOT\n", read)).hasSize(1);
    for (String[] wrong :
        new String[][] {
          {
            "INCLUDE parts/bad", "on line 2 of parts/bad: unknown instruction: RUUN", "> 2 | RUUN x"
          },
          {"INCLUDE none", "on line 3: INCLUDE none: there is no such file", "> 3 | INCLUDE none"},
          {"INCLUDE parts/round", "INCLUDE parts/round goes round in circles", "parts/round:1:1"},
          {"INCLUDE", "on line 3: INCLUDE requires exactly one argument", "> 3 | INCLUDE"},
        }) {
      assertThatThrownBy(() -> included(head + wrong[0] + "\n", read))
          .isInstanceOf(Fault.Invalid.class)
          .hasMessageContaining(wrong[1])
          .hasMessageContaining(wrong[2]);
    }
    assertThatThrownBy(() -> included("FROM a\nINCLUDE parts/one\n", read))
        .hasMessageContaining("unknown instruction: INCLUDE");
    assertThatThrownBy(() -> parse("FROM a\nCOPY --if-exists x /\n"))
        .hasMessageContaining("unknown flag: --if-exists");
  }

  private static List<String> included(String text, Dockerfile.IncludedFiles files)
      throws IOException {
    DockerfileText read = DockerfileText.of("Dockerfile", text.getBytes(UTF_8));
    return Dockerfile.parse(read, files).stages().getFirst().instructions().stream()
        .map(instruction -> instruction.place().words().replaceAll("\\s+", " "))
        .toList();
  }
}
