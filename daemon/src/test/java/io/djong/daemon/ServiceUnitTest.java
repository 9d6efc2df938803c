package io.djong.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.http.Listen;
import io.djong.model.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceManagerTest {
  @Test
  void socketsThatWereHandedOverStartAtDescriptorThree() {
    assertThat(ServiceUnit.sockets(Map.of("LISTEN_FDS", "2", "LISTEN_PID", "77"), 77))
        .containsExactly(new Listen.Inherited(3), new Listen.Inherited(4));
  }

  @Test
  void socketsMeantForAnotherProcessAreNotTaken() {
    assertThatThrownBy(() -> ServiceUnit.sockets(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "76"), 77))
        .isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void withoutAServiceManagerTheFaultSaysWhatToDo() {
    assertThatThrownBy(() -> ServiceUnit.sockets(Map.of(), 77))
        .isInstanceOf(Fault.Invalid.class)
        .hasMessageContaining("unix:///PATH");
  }
}
