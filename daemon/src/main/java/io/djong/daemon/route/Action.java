package io.djong.daemon.route;

import java.io.IOException;

/// Answers calls of one route.
@FunctionalInterface
interface Action {
  void answer(Call call) throws IOException, InterruptedException;
}
