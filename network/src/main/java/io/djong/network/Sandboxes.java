package io.djong.network;

import io.djong.linux.UserNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes and removes network namespaces. They outlive the daemon. Safe for use by several threads.
public interface Sandboxes {
  /// A new namespace with its loopback device up.
  Sandbox open(String key) throws IOException;

  /// The same, of a namespace that belongs to a user namespace: whose root may do in it what root
  /// may.
  Sandbox open(String key, UserNamespace owner) throws IOException;

  @Nullable Sandbox find(String key) throws IOException;

  /// Gives a device inside further addresses, and parameters of the kernel.
  ///
  /// @param parameters by their path below `/proc/sys`
  /// @throws io.djong.model.Fault.Invalid if the kernel has no such parameter, or refuses the value
  void tune(Sandbox sandbox, String device, List<Cidr> addresses, Map<String, String> parameters)
      throws IOException;

  /// Removes the namespace and with it all devices inside. Returns before the kernel has freed
  /// them. Idempotent.
  void remove(Sandbox sandbox) throws IOException;

  List<Sandbox> list() throws IOException;
}
