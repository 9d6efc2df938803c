package io.djong.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The packet filter of a namespace of its own, as root, on Linux 6.9 or later.
class NftablesTest {
  private static final String CHAINS = "add chain inet kept forward\n";

  private NetworkNamespace namespace;
  private Nftables ours;
  private Nftables others;

  @BeforeEach
  void open() throws IOException {
    namespace = NetworkNamespace.create(() -> {});
    ours = namespace.call(Nftables::open);
    others = namespace.call(Nftables::open);
  }

  @AfterEach
  void close() {
    ours.close();
    others.close();
    namespace.close();
  }

  private String run(Nftables nft, String commands) throws IOException {
    return namespace.call(() -> nft.run(commands));
  }

  @Test
  void aTableThatIsTakenOutlivesAFlushByOthers() throws IOException {
    assertThat(ours.own("kept")).isTrue();
    run(ours, CHAINS);
    run(others, "add table inet theirs");
    run(others, "flush ruleset");

    assertThat(run(others, "list ruleset")).contains("chain forward").doesNotContain("theirs");
    assertThatThrownBy(() -> run(others, "flush table inet kept"))
        .hasMessageContaining("not permitted");
    assertThatThrownBy(() -> others.delete("kept")).isInstanceOf(KernelException.class);
    assertThat(others.own("kept")).isFalse();
  }

  @Test
  void aTableStaysWhenItsOwnerEndsAndIsTakenByTheNext() throws IOException {
    try (Nftables earlier = namespace.call(Nftables::open)) {
      assertThat(earlier.own("kept")).isTrue();
      run(earlier, CHAINS);
    }

    assertThat(others.own("kept")).isTrue();
    run(others, "add chain inet kept more");
    assertThat(run(others, "list ruleset")).contains("chain forward", "chain more");
    others.delete("kept");
    others.delete("kept");
    assertThat(run(others, "list ruleset")).isEmpty();
  }

  @Test
  void aTableThatWasMadeWithoutIsLeftAsItIs() throws IOException {
    run(others, "add table inet kept");

    assertThat(ours.own("kept")).isFalse();
    run(ours, CHAINS);
    others.delete("kept");
    assertThat(run(others, "list ruleset")).isEmpty();
  }
}
