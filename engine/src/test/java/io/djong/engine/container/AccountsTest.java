package io.djong.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.engine.container.Accounts.Identity;
import io.djong.model.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccountsTest {
  private final Accounts accounts =
      new Accounts(
          """
          root:x:0:0:root:/root:/bin/sh
          # a comment
          broken
          web:x:33:33:web:/var/www:/bin/sh
          far:x:4294967296:1::/:/bin/sh
          77:x:900:901::/home/seven:/bin/sh
          """,
          """
          root:x:0:
          web:x:33:
          logs:x:44:web,other
          """);

  @Test
  void nothingSaidIsRoot() {
    assertThat(accounts.resolve(null, List.of()))
        .isEqualTo(new Identity(0, 0, List.of(0L), "/root"));
  }

  @Test
  void aNameHasItsGroupsAndItsOwnGroupAmongThem() {
    assertThat(accounts.resolve("web", List.of()))
        .isEqualTo(new Identity(33, 33, List.of(33L, 44L), "/var/www"));
  }

  @Test
  void aGroupThatIsNamedReplacesTheOthers() {
    assertThat(accounts.resolve("web:logs", List.of()).groups()).containsExactly(44L);
  }

  @Test
  void groupsAreAdded() {
    assertThat(accounts.resolve("web", List.of("logs", "1234")).groups())
        .containsExactly(33L, 44L, 1234L);
  }

  @Test
  void numbersNeedNoEntry() {
    assertThat(accounts.resolve("1000:1001", List.of()))
        .isEqualTo(new Identity(1000, 1001, List.of(1001L), "/"));
  }

  @Test
  void aNameOfDigitsIsANameFirst() {
    assertThat(accounts.resolve("77", List.of()).uid()).isEqualTo(900);
  }

  @Test
  void zerosAndAPlusAreStillNumbers() {
    assertThat(accounts.resolve("00", List.of()).uid()).isZero();
    assertThat(accounts.resolve("+0", List.of()).uid()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"4294967296", "-1", "99999999999999999999", "1000:-5"})
  void numbersOutOfRangeAreRefused(String user) {
    assertThatThrownBy(() -> accounts.resolve(user, List.of())).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void anUnknownNameIsRefusedInDockersWords() {
    assertThatThrownBy(() -> accounts.resolve("nobody", List.of()))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessage("unable to find user nobody: no matching entries in passwd file");
    assertThatThrownBy(() -> accounts.resolve("web:0x0", List.of()))
        .hasMessage("unable to find group 0x0: no matching entries in group file");
  }
}
