package io.djong.daemon;

import io.djong.http.Listen;
import io.djong.linux.NotifySocket;
import io.djong.model.Fault;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The unit that this process is of a service manager, if one started it: systemd, or another of
/// its protocols (sd_listen_fds(3), sd_notify(3)). Safe for use by several threads.
final class ServiceUnit {
  private static final Logger LOG = System.getLogger("io.djong.daemon");
  private static final int FIRST_SOCKET = 3;

  private ServiceUnit() {}

  /// The unix sockets that were opened for this process before it started.
  ///
  /// @throws Fault.Invalid if there are none
  static List<Listen> sockets() {
    return sockets(System.getenv(), ProcessHandle.current().pid());
  }

  /// @param pid this process; sockets meant for another one are not taken
  static List<Listen> sockets(Map<String, String> environment, long pid) {
    int count = number(environment.get("LISTEN_FDS"));
    if (count <= 0 || !String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
      throw new Fault.Invalid(
          "fd:// listens on sockets that a service manager hands over, and none did: start djong by"
              + " its socket unit, or choose unix:///PATH");
    }
    List<Listen> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new Listen.Inherited(FIRST_SOCKET + i));
    }
    return List.copyOf(sockets);
  }

  private static int number(@org.jspecify.annotations.Nullable String text) {
    try {
      return text == null ? 0 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Says that requests are answered from now on.
  static void ready() {
    tell("READY=1");
  }

  /// Says that this process is about to end.
  static void stopping() {
    tell("STOPPING=1");
  }

  /// A manager that does not listen must not keep the daemon from serving.
  private static void tell(String state) {
    String socket = System.getenv("NOTIFY_SOCKET");
    if (socket == null || socket.isEmpty()) {
      return;
    }
    try {
      NotifySocket.send(socket, state);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "telling the service manager " + state, e);
    }
  }
}
