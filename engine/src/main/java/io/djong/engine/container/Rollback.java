package io.djong.engine.container;

import java.util.ArrayDeque;
import java.util.Deque;

/// Undoes, last first, what was done before something failed. Call [#keep] once all went well. For
/// one thread. What fails while undoing is logged and does not stop the rest.
final class Rollback implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Rollback.class.getName());

  private final Deque<Action> actions = new ArrayDeque<>();

  /// Something that undoes.
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  void add(Action undo) {
    actions.push(undo);
  }

  void keep() {
    actions.clear();
  }

  @Override
  public void close() {
    while (!actions.isEmpty()) {
      attempt("undoing", actions.pop());
    }
  }

  /// Does what must not stop the rest; what is left behind is found at the next start.
  ///
  /// @return false if it failed, which is logged
  static boolean attempt(String what, Action action) {
    try {
      action.run();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, what + " failed", e);
    }
    return false;
  }
}
