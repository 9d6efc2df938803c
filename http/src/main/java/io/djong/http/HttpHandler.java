package io.djong.http;

import java.io.IOException;

/// Answers requests. Called on a virtual thread of its own for each request; it may block.
@FunctionalInterface
public interface HttpHandler {
  /// Answers the request before it returns. What it throws ends the connection if the answer has
  /// begun, and is answered with status 500 without details otherwise.
  void handle(HttpRequest request, HttpResponse response) throws IOException, InterruptedException;
}
