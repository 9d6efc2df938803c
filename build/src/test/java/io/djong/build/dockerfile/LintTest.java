package io.djong.build.dockerfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.djong.build.dockerfile.Lint.Finding;
import io.djong.model.ignore.IgnoreRules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Docker's build checks.
final class LintTest {
  private static List<String> rules(String text) {
    return Lint.check(
            Dockerfile.parse(DockerfileText.of("Dockerfile", text.getBytes(UTF_8))),
            IgnoreRules.parse("*.log\nprivate\n".getBytes(UTF_8)))
        .stream()
        .map(Finding::rule)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "FROM a AS Big|StageNameCasing",
        "FROM a AS scratch|ReservedStageName",
        "FROM a AS x;FROM b AS x|DuplicateStageName",
        "FROM a as x|FromAsCasing",
        "FROM --platform=linux/arm64 a|FromPlatformFlagConstDisallowed",
        "FROM --platform=$TARGETPLATFORM a|RedundantTargetPlatform",
        "FROM a:$v|UndefinedArgInFrom",
        "ARG v;FROM a:$v|InvalidDefaultArgInFrom",
        "FROM a;run x;RUN y|ConsistentInstructionCasing",
        "FROM a;RUN x \\;;y|NoEmptyContinuation",
        "FROM a;CMD x|JSONArgsRecommended",
        "FROM a;ENV a b|LegacyKeyValueFormat",
        "FROM a;MAINTAINER x|MaintainerDeprecated",
        "FROM a;CMD [\"a\"];CMD [\"b\"]|MultipleInstructionsDisallowed",
        "FROM a;ENV API_TOKEN=x|SecretsUsedInArgOrEnv",
        "FROM scratch;COPY a $none|UndefinedVar",
        "FROM a;WORKDIR x|WorkdirRelativePath",
        "FROM a;EXPOSE 80/TCP|ExposeProtoCasing",
        "FROM a;COPY x.log ./|CopyIgnoredFile",
        "FROM a;ADD ./private/x /|CopyIgnoredFile",
        "# check=experimental=all;# a stage;FROM a AS b|InvalidDefinitionDescription",
        "# check=experimental=InvalidDefinitionDescription;FROM a;# x;ARG y|InvalidDefinitionDescription",
        "FROM a;EXPOSE 127.0.0.1:80:80|ExposeInvalidFormat",
      })
  void aRuleFindsWhatItIsAbout(String text, String rule) {
    assertThat(rules(text.replace(";", "\n"))).contains(rule);
  }

  @Test
  void aGoodFileHasNoFindingsAndRulesCanBeSkipped() {
    assertThat(rules("FROM a AS b\nWORKDIR /x\nWORKDIR y\nRUN z\nCMD [\"c\"]\n")).isEmpty();
    assertThat(rules("# check=experimental=all\n# b is a stage\nFROM a AS b\nCOPY x /log\n"))
        .isEmpty();
    assertThat(rules("# a stage\nFROM a AS b\nCOPY --from=c x.log ./\n")).isEmpty();
    assertThat(rules("# check=skip=JSONArgsRecommended\nFROM a\nCMD x\n")).isEmpty();
  }
}
