package io.djong.registry.client;

import io.djong.http.HttpClient.Exchange;
import java.io.FilterInputStream;
import java.io.IOException;

/// The body of an answer; closing it closes the answer.
final class ExchangeInput extends FilterInputStream {
  private final Exchange answer;

  ExchangeInput(Exchange answer) throws IOException {
    super(answer.body());
    this.answer = answer;
  }

  @Override
  public void close() throws IOException {
    answer.close();
  }
}
