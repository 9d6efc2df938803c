package io.djong.http.netty;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Encodes answers, without a body where the question was HEAD.
final class ResponseEncoder extends HttpResponseEncoder {
  private volatile boolean head;

  /// For the answer that follows; set before its first write.
  void head(boolean yes) {
    head = yes;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return head || super.isContentAlwaysEmpty(response);
  }
}
