package io.djong.verify.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `djong daemon --trust-policy`: what is signed as it wants is pulled and run, nothing else.
@ExtendWith(SharedDaemon.class)
class TrustPolicyTest {
  private final LiveDaemon shared;
  @TempDir Path folder = Path.of("");

  TrustPolicyTest(LiveDaemon shared) {
    this.shared = shared;
  }

  private Program.Result djong(String... words) throws IOException, InterruptedException {
    return Program.djong(Map.of("COSIGN_PASSWORD", "cast off"), words);
  }

  private void policy(Path file, String host, String key) throws IOException {
    Files.writeString(
        file,
        "{\"default\":[{\"type\":\"insecureAcceptAnything\"}],\"transports\":{\"docker\":{\""
            + host
            + "\":[{\"type\":\"sigstoreSigned\",\"keyPath\":\""
            + key
            + ".pub\"}]}}}");
  }

  @Test
  void onlyWhatIsSignedAsThePolicyWantsIsPulledAndRun() throws Exception {
    Path saved = folder.resolve("saved.tar");
    Path policy = folder.resolve("policy.json");
    String ours = folder.resolve("ours").toString();
    String theirs = folder.resolve("theirs").toString();
    Program.run(shared.dockerCommand("save", "-o", saved.toString(), "busybox"), Map.of(), null)
        .ok();
    try (DebianRegistry registry = DebianRegistry.start(folder, null)) {
      String signed = registry.host() + "/fleet/signed:1";
      String forged = registry.host() + "/fleet/forged:1";
      String unsigned = registry.host() + "/fleet/unsigned:1";
      djong("image", "generate-key", ours).ok();
      djong("image", "generate-key", theirs).ok();
      djong("image", "copy", "docker-archive:" + saved, "docker://" + signed).ok();
      djong("image", "copy", "docker://" + signed, "docker://" + forged).ok();
      djong("image", "copy", "docker://" + signed, "docker://" + unsigned).ok();
      djong("image", "sign", "--key", ours + ".key", signed).ok();
      djong("image", "sign", "--key", theirs + ".key", forged).ok();
      policy(policy, registry.host(), ours);

      try (LiveDaemon daemon = LiveDaemon.start("--trust-policy", policy.toString())) {
        for (String name : new String[] {unsigned, forged}) {
          Program.Result pull = daemon.docker("pull", name);
          assertThat(pull.code()).isEqualTo(1);
          assertThat(pull.err()).contains(name, "is not trusted");
        }
        assertThat(daemon.docker("image", "ls", "-q").ok().out()).isBlank();
        daemon.docker("pull", signed).ok();
        assertThat(daemon.docker("run", "--rm", signed, "echo", "ahoy").ok().line())
            .isEqualTo("ahoy");

        // The same image under a name for which nobody signed it.
        daemon.docker("tag", signed, unsigned).ok();
        Program.Result run = daemon.docker("run", "--rm", unsigned, "echo", "ahoy");
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains(unsigned, "is not trusted");

        // A key that is no longer in the policy counts no more for what is here.
        policy(policy, registry.host(), theirs);
        daemon.kill();
        daemon.launch();
        assertThat(daemon.docker("run", "--rm", signed, "echo", "ahoy").err())
            .contains(signed, "is not trusted");
      }
    }
  }
}
