package io.djong.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 3_000_000})
  void allBytesComeInTheirOrder(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);

    try (InputStream ahead = new ReadAhead(new ByteArrayInputStream(bytes))) {
      assertThat(ahead.readAllBytes()).isEqualTo(bytes);
      assertThat(ahead.read()).isEqualTo(-1);
    }
  }

  @Test
  void whatTheStreamThrowsComesAfterTheBytesBeforeIt() throws IOException {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    try (InputStream ahead =
        new ReadAhead(
            new SequenceInputStream(new ByteArrayInputStream(new byte[600_000]), broken))) {
      assertThat(ahead.readNBytes(512 << 10)).hasSize(512 << 10);
      assertThatThrownBy(ahead::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessage("connection reset");
      assertThatThrownBy(ahead::read)
          .isInstanceOf(IOException.class)
          .hasMessage("connection reset");
    }
  }

  @Test
  void closingEndsAReadThatIsUnderWayBeforeTheStreamIsClosed() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    boolean[] inRead = {false};
    boolean[] closedWhileReading = {false};
    InputStream stalled =
        new InputStream() {
          @Override
          public int read() throws IOException {
            inRead[0] = true;
            reading.countDown();
            try {
              new CountDownLatch(1).await();
              return 0;
            } catch (InterruptedException e) {
              throw new IOException("interrupted", e);
            } finally {
              inRead[0] = false;
            }
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }

          @Override
          public void close() {
            closedWhileReading[0] = inRead[0];
          }
        };
    InputStream ahead = new ReadAhead(stalled);
    reading.await();

    ahead.close();

    assertThat(closedWhileReading[0]).isFalse();
    assertThatThrownBy(ahead::read).isInstanceOf(IOException.class);
  }
}
