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
  void whoIsRootOfAUserNamespaceAloneIsCalledSo() {
    ContainerInspect mapped =
        Json.full()
            .read(
                ContainerInspect.class,
                "{\"Id\":\"a\",\"Name\":\"/a\",\"Config\":{\"Image\":\"i\"},\"HostConfig\":{},"
                    + "\"Mounts\":[],\"IDMappings\":{\"UidMap\":[\"0:100000:65536\"],"
                    + "\"GidMap\":[\"0:200000:10\",\"10:300000:2\"]}}");

    assertThat(SecurityWords.of(mapped))
        .contains(
            "  runs as root of a user namespace: has the capabilities below inside only",
            "  its users are these of the machine, who own nothing there: 100000 to 165535",
            "  its groups are these of the machine: 200000 to 200009, 300000 to 300001")
        .noneMatch(line -> line.contains("root of the machine"));
    assertThat(words("", ""))
        .contains("  runs as root of the machine, with the capabilities below");
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
