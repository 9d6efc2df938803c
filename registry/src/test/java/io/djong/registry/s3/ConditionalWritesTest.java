package io.djong.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.registry.server.BucketSettings;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/// Who has won is told as the object store has it, also when answers are lost on the way.
class ConditionalWritesTest {
  /// As often as the client library tries, and more.
  private static final int EACH = 10;

  private static final Stamped MINE = Stamped.of("mine".getBytes(UTF_8));
  private static final Stamped OTHER = Stamped.of("other".getBytes(UTF_8));

  private LossyFront front;
  private Bucket bucket;
  private Bucket rival;
  private ConditionalWrites writes;

  @BeforeEach
  void open() throws IOException {
    BucketSettings direct = S3Server.bucket();
    front = new LossyFront(Objects.requireNonNull(direct.endpoint()));
    bucket = Bucket.open(S3Server.through(front, direct));
    rival = Bucket.open(direct);
    writes = new ConditionalWrites(bucket);
  }

  @AfterEach
  void close() throws IOException {
    bucket.close();
    rival.close();
    front.close();
  }

  private void assertMine(@Nullable String etag) throws IOException {
    Bucket.Read stored = Objects.requireNonNull(rival.get("a"));
    assertThat(stored.bytes()).isEqualTo(MINE.object());
    assertThat(etag).isEqualTo(stored.state().etag());
  }

  private void assertOther(@Nullable String etag) throws IOException {
    assertThat(Objects.requireNonNull(rival.get("a")).bytes()).isEqualTo(OTHER.object());
    assertThat(etag).isNull();
  }

  private String otherIsThere() throws IOException {
    return Objects.requireNonNull(rival.create("a", OTHER.object()));
  }

  @Test
  void whoCreatesIsToldSoThoughTheAnswerWasLost() throws IOException {
    front.loseAnswers("PUT", 1);

    assertMine(writes.create("a", MINE));
    assertThat(front.mend()).isZero();
  }

  @Test
  void whoCreatesIsToldSoThoughAllAnswersWereLost() throws IOException {
    front.loseAnswers("PUT", EACH);

    assertMine(writes.create("a", MINE));
    assertThat(front.mend()).isPositive().isLessThan(EACH);
  }

  @Test
  void whoComesSecondIsToldSoThoughAllAnswersWereLost() throws IOException {
    otherIsThere();
    front.loseAnswers("PUT", EACH);

    assertOther(writes.create("a", MINE));
  }

  @Test
  void whoComesSecondIsToldSoThoughTheSameWasWritten() throws IOException {
    Stamped same = Stamped.of("mine".getBytes(UTF_8));
    rival.create("a", same.object());

    assertThat(writes.create("a", MINE)).isNull();
  }

  @Test
  void whoIsOvertakenBeforeTheAnswerIsToldOfTheOther() throws IOException {
    front.loseAnswer("PUT", () -> rival.put("a", RequestBody.fromBytes(OTHER.object())));

    assertOther(writes.create("a", MINE));
  }

  @Test
  void whatNeverArrivedIsAnErrorAndNotAnotherOne() throws IOException {
    front.loseRequests("PUT", EACH);

    assertThatThrownBy(() -> writes.create("a", MINE)).isInstanceOf(IOException.class);
    assertThat(rival.head("a")).isNull();

    front.mend();
    String etag = otherIsThere();
    front.loseRequests("PUT", EACH);
    assertThatThrownBy(() -> writes.replace("a", MINE, etag)).isInstanceOf(IOException.class);
    front.mend();
    front.loseRequests("DELETE", 2 * EACH);
    assertThatThrownBy(() -> writes.delete("a", etag)).isInstanceOf(IOException.class);
    assertOther(null);
  }

  @Test
  void whoReplacesIsToldSoThoughTheAnswerWasLost() throws IOException {
    String before = otherIsThere();
    front.loseAnswers("PUT", 1);

    assertMine(writes.replace("a", MINE, before));
    assertThat(front.mend()).isZero();
  }

  @Test
  void whoReplacesIsToldSoThoughAllAnswersWereLost() throws IOException {
    String before = otherIsThere();
    front.loseAnswers("PUT", EACH);

    assertMine(writes.replace("a", MINE, before));
  }

  @Test
  void whoReplacesAnotherStateIsToldSoThoughAllAnswersWereLost() throws IOException {
    String before = otherIsThere();
    rival.replace("a", Stamped.of("other".getBytes(UTF_8)).object(), before);
    front.loseAnswers("PUT", EACH);

    assertThat(writes.replace("a", MINE, before)).isNull();
  }

  @Test
  void whoReplacesWhatIsGoneIsToldSo() throws IOException {
    String before = otherIsThere();
    rival.delete("a");

    assertThat(writes.replace("a", MINE, before)).isNull();
    assertThat(rival.head("a")).isNull();
  }

  @Test
  void whatWasDeletedIsGoneThoughTheAnswerWasLost() throws IOException {
    String before = otherIsThere();
    front.loseAnswers("DELETE", 1);

    assertThat(writes.delete("a", before)).isTrue();
    assertThat(front.mend()).isZero();

    String again = otherIsThere();
    front.loseAnswers("DELETE", 2 * EACH);
    assertThat(writes.delete("a", again)).isTrue();
    assertThat(rival.head("a")).isNull();
  }

  @Test
  void whatWasDeletedIsGoneThoughTheRepetitionIsRefused() throws IOException {
    for (int status : new int[] {404, 412}) {
      String before = otherIsThere();
      front.loseAnswers("DELETE", 1);
      front.refuse("DELETE", status);

      assertThat(writes.delete("a", before)).isTrue();
      assertThat(front.mend()).isZero();
      assertThat(rival.head("a")).isNull();
    }
  }

  @Test
  void whoWasInSomebodysWayTriesAgain() throws IOException {
    front.refuse("PUT", 409);
    String made = writes.create("a", OTHER);
    front.refuse("PUT", 409);
    String mine = writes.replace("a", MINE, Objects.requireNonNull(made));

    assertMine(mine);
    assertThat(front.mend()).isZero();

    front.refuse("DELETE", 409);
    assertThat(writes.delete("a", Objects.requireNonNull(mine))).isTrue();
    assertThat(rival.head("a")).isNull();
  }

  @Test
  void whatIsForbiddenIsAnErrorAndNotAnotherOne() throws IOException {
    String etag = otherIsThere();
    front.refuse("PUT", 403);
    assertThatThrownBy(() -> writes.create("a", MINE)).isInstanceOf(IOException.class);
    front.refuse("PUT", 403);
    assertThatThrownBy(() -> writes.replace("a", MINE, "\"0\"")).isInstanceOf(IOException.class);
    front.refuse("DELETE", 403);
    assertThatThrownBy(() -> writes.delete("b", etag)).isInstanceOf(IOException.class);
  }

  @Test
  void whatWasReplacedIsNotDeletedThoughAllAnswersWereLost() throws IOException {
    String before = otherIsThere();
    rival.put("a", RequestBody.fromBytes(MINE.object()));
    front.loseAnswers("DELETE", 2 * EACH);

    assertThat(writes.delete("a", before)).isFalse();
    assertThat(rival.head("a")).isNotNull();
  }

  @Test
  void whatWasCompletedIsThereThoughTheAnswerWasLost() throws IOException {
    for (int count : List.of(1, EACH)) {
      String key = "data/" + count;
      String upload = bucket.begin(key);
      String part = bucket.part(key, upload, 1, RequestBody.fromString("all"));
      front.loseAnswers("POST", count);

      writes.complete(key, upload, List.of(part));

      front.mend();
      assertThat(Objects.requireNonNull(rival.get(key)).bytes()).isEqualTo("all".getBytes(UTF_8));
    }
  }

  @Test
  void whatWasAbortedIsNotCompleted() throws IOException {
    String upload = bucket.begin("data/a");
    String part = bucket.part("data/a", upload, 1, RequestBody.fromString("all"));
    rival.abort("data/a", upload);

    assertThatThrownBy(() -> writes.complete("data/a", upload, List.of(part)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aLargeWriteThatIsRefusedIsNotCutOff() throws IOException {
    otherIsThere();
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < 5; i++) {
      assertThat(rival.replace("a", large, "\"00000000000000000000000000000000\"")).isNull();
    }
  }
}
