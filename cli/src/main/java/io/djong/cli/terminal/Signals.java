package io.djong.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Signals that this process gets. The JDK's only door to them is `sun.misc.Signal`, which is
/// supported and of which the compiler warns in a way that cannot be turned off: hence by
/// reflection.
public final class Signals {
  private Signals() {}

  /// Calls a listener, on a thread of the JVM's, each time the signal comes; it then has no other
  /// effect. Signals that the JVM keeps for itself stay its own.
  ///
  /// @param name without `SIG`
  public static void listen(String name, Listener listener) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls = (_, method, arguments) -> called(listener, name, method, arguments);
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
      type.getMethod("handle", type, handlerType)
          .invoke(null, type.getConstructor(String.class).newInstance(name), handler);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw new IllegalStateException("listening to SIG" + name, e);
      }
      // The JVM uses it (QUIT prints its threads) or the system has none of this name.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
    }
  }

  private static @Nullable Object called(
      Listener listener, String name, Method method, Object[] arguments)
      throws ReflectiveOperationException {
    if (method.getName().equals("handle")) {
      listener.came(name);
      return null;
    }
    return method.invoke("listener to SIG" + name, arguments); // hashCode, equals, toString
  }

  /// What to do when a signal comes.
  public interface Listener {
    void came(String name);
  }
}
