package io.djong.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.djong.api.ContainerInspect;
import io.djong.model.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SecurityWordsTest {
  private static List<String> words(String host, String mounts) {
    return SecurityWords.of(
        Json.full()
            .read(
                ContainerInspect.class,
                "{\"Id\":\"a\",\"Name\":\"/a\",\"Config\":{\"Image\":\"i\"},\"HostConfig\":{"
                    + host
                    + "},\"Mounts\":["
                    + mounts
                    + "]}"));
  }

  @Test
  void theOrdinaryContainerHasOnlyItsMemoryToBeLookedAt() {
    assertThat(words("\"MaskedPaths\":[\"/proc/kcore\"],\"ReadonlyPaths\":[\"/proc/sys\"]", ""))
        .filteredOn(line -> line.startsWith("!"))
        .containsExactly("! memory: no limit (--memory)");
  }

  @Test
  void whoOwnsTheMachineIsCalledSo() {
    assertThat(words("\"Privileged\":true", ""))
        .anyMatch(line -> line.contains("owns the machine"));
    assertThat(
            words(
                "",
                "{\"Type\":\"bind\",\"Source\":\"/run/docker.sock\",\"Destination\":\"/s\",\"RW\":true}"))
        .anyMatch(line -> line.startsWith("!") && line.contains("owns the machine"));
    assertThat(words("\"PidMode\":\"host\"", "")).contains("! shares the machine's processes");
    assertThat(words("\"SecurityOpt\":[\"seccomp=unconfined\"]", ""))
        .contains("! system calls: not filtered");
  }
}
