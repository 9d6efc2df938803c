package io.djong.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.content.VerifiedInput;
import io.djong.model.Descriptor;
import io.djong.model.Fault;
import io.djong.model.MediaType;
import io.djong.model.Reference.Repository;
import io.djong.registry.ByteRange;
import io.djong.registry.Credentials;
import io.djong.registry.RegistrySettings;
import io.djong.registry.client.FakeRegistry.Asked;
import io.djong.registry.client.FakeRegistry.Reply;
import io.djong.registry.client.FakeRegistry.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Large blobs over several connections, from servers that are slow, cut and lie.
@Timeout(60)
class RangedInputTest {
  private static final int PIECE = 1 << 20;
  private static final int AHEAD = 4;
  private static final byte[] BYTES = bytes();
  private static final Descriptor BLOB = Descriptor.of(MediaType.OCI_LAYER, BYTES);

  @TempDir Path folder = Path.of("");
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private static byte[] bytes() {
    byte[] all = new byte[12 * PIECE + 12_345];
    new Random(5).nextBytes(all);
    return all;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private FakeRegistry registry(Script script) throws IOException {
    FakeRegistry registry = new FakeRegistry(script);
    open.add(registry);
    return registry;
  }

  /// One that sends no more of the whole until somebody asks for a part.
  private FakeRegistry holding(Script script) throws IOException {
    CountDownLatch part = new CountDownLatch(1);
    open.add(part::countDown);
    FakeRegistry registry =
        registry(
            asked -> {
              if (asked.header("Range") != null) {
                part.countDown();
              }
              return script.answer(asked);
            });
    registry.midway =
        asked -> {
          if (asked.header("Range") == null) {
            await(part);
          }
        };
    return registry;
  }

  /// Wants so many connections whatever comes, until it is told that there cannot be as many.
  private static Pace always(int connections) {
    return new Pace() {
      private int most = connections;

      @Override
      void fewer(int by) {
        most -= by;
      }

      @Override
      int connections(long arrived) {
        return most;
      }
    };
  }

  private RegistryClient client(Supplier<Pace> pace) throws IOException {
    PieceFolders folders = PieceFolders.open(folder.resolve("pieces"), Duration.ofDays(1));
    RegistryClient client =
        new RegistryClient(
            RegistrySettings.DEFAULT,
            Instant::now,
            pauses::add,
            new Ranges(folders, 2 * PIECE, PIECE, AHEAD, pace));
    open.add(client);
    return client;
  }

  private static InputStream open(RegistryClient client, FakeRegistry registry, long from)
      throws IOException {
    return client
        .source(registry.host(), Credentials.NONE)
        .open(new Repository(registry.host(), "fleet/box"), BLOB, from);
  }

  private InputStream open(FakeRegistry registry, Pace pace, long from) throws IOException {
    return open(client(() -> pace), registry, from);
  }

  private byte[] read(FakeRegistry registry, int connections) throws IOException {
    try (InputStream in = open(registry, always(connections), 0)) {
      return new VerifiedInput(in, BLOB).readAllBytes();
    }
  }

  private static Reply honest(Asked asked) {
    if (asked.target().equals("/v2/")) {
      return Reply.of(200);
    }
    ByteRange range = range(asked);
    if (range == null) {
      return Reply.of(200, BYTES).with("Accept-Ranges", "bytes");
    }
    return Reply.of(206, Arrays.copyOfRange(BYTES, (int) range.first(), (int) range.last() + 1))
        .with("Content-Range", range.of(BYTES.length));
  }

  private static @Nullable ByteRange range(Asked asked) {
    String header = asked.header("Range");
    return header == null
        ? null
        : Objects.requireNonNull(ByteRange.ofRequest(header, BYTES.length));
  }

  private static List<ByteRange> parts(FakeRegistry registry) {
    return registry.asked.stream()
        .filter(asked -> asked.header("Range") != null)
        .map(asked -> Objects.requireNonNull(range(asked)))
        .toList();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("pieces"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void severalPartsComeAtOnceFromAServerThatHoldsBackEachConnection() throws IOException {
    // The first connection is given nothing after a while until two parts are asked for side by
    // side.
    CountDownLatch two = new CountDownLatch(2);
    FakeRegistry registry =
        holding(
            asked -> {
              if (asked.header("Range") != null) {
                two.countDown();
                await(two);
              }
              return honest(asked);
            });

    assertThat(read(registry, 4)).isEqualTo(BYTES);

    List<ByteRange> parts = parts(registry);
    assertThat(parts).hasSizeGreaterThan(2).allMatch(part -> part.length() <= PIECE);
    assertThat(parts).doesNotHaveDuplicates();
    assertThat(left()).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aReaderWhoIsSlowerThanTheServerAsksOnce() throws IOException {
    FakeRegistry registry = registry(RangedInputTest::honest);
    long[] now = new long[1];
    try (InputStream in = open(registry, new Pace(() -> now[0], 4), 0)) {
      byte[] buffer = new byte[64 << 10];
      while (in.read(buffer) >= 0) {
        now[0] += 1_000_000_000;
      }
    }
    assertThat(registry.questions()).hasSize(1);
  }

  @Test
  void aServerThatDoesNotOfferPartsIsNotAskedForThem() throws IOException {
    FakeRegistry registry =
        registry(asked -> asked.target().equals("/v2/") ? Reply.of(200) : Reply.of(200, BYTES));

    assertThat(read(registry, 4)).isEqualTo(BYTES);
    assertThat(registry.questions()).hasSize(1);
  }

  @Test
  void aServerThatLiesAboutPartsIsAskedForTheWholeAlone() throws IOException {
    List<UnaryOperator<Reply>> lies =
        List.of(
            part -> Reply.of(200, BYTES),
            part -> Reply.of(416),
            part -> part.with("Content-Range", "bytes 0-9/" + BYTES.length),
            part -> part.with("Content-Range", "bytes nonsense"),
            part -> new Reply(206, Map.of(), part.body(), -1),
            part ->
                part.with(
                    "Content-Range",
                    String.valueOf(part.headers().get("Content-Range")).replaceAll("/.*", "/1")),
            part -> new Reply(206, part.headers(), Arrays.copyOf(part.body(), 100), -1),
            part ->
                new Reply(
                    206, part.headers(), Arrays.copyOf(part.body(), part.body().length + 1), -1));
    for (UnaryOperator<Reply> lie : lies) {
      FakeRegistry registry =
          holding(
              asked -> asked.header("Range") == null ? honest(asked) : lie.apply(honest(asked)));

      assertThat(read(registry, 4)).isEqualTo(BYTES);

      assertThat(parts(registry)).as("asked after the first lie").hasSizeBetween(1, 4);
      assertThat(registry.asked.getLast().header("Range")).isNull();
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void otherBytesInAPartAreFoundOut() throws IOException {
    FakeRegistry registry =
        holding(
            asked -> {
              Reply reply = honest(asked);
              if (asked.header("Range") != null) {
                reply.body()[7] ^= 1;
              }
              return reply;
            });

    assertThatThrownBy(() -> read(registry, 4)).isInstanceOf(Fault.Invalid.class);
  }

  @Test
  void aPartThatIsCutGoesOnAtItsByte() throws IOException {
    Map<Long, AtomicInteger> times = new ConcurrentHashMap<>();
    FakeRegistry registry =
        holding(
            asked -> {
              ByteRange range = range(asked);
              return range != null
                      && range.first() % PIECE < 2
                      && range.length() > 100_000
                      && times
                              .computeIfAbsent(range.first(), _ -> new AtomicInteger())
                              .incrementAndGet()
                          == 1
                  ? honest(asked).cutAfter(100_000)
                  : honest(asked);
            });

    assertThat(read(registry, 3)).isEqualTo(BYTES);

    List<ByteRange> parts = parts(registry);
    for (Long first : times.keySet()) {
      assertThat(parts).anyMatch(part -> part.first() == first + 100_000);
    }
    assertThat(parts).doesNotHaveDuplicates();
  }

  @Test
  void aServerThatWantsToBeAskedLessGetsFewerConnections() throws IOException {
    AtomicInteger parts = new AtomicInteger();
    FakeRegistry registry =
        holding(
            asked ->
                asked.header("Range") != null && parts.incrementAndGet() == 1
                    ? Reply.of(429).with("Retry-After", "1")
                    : honest(asked));
    RegistryClient client = client(() -> always(2));

    try (InputStream in = open(client, registry, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(parts.get()).as("the other connection was asked for").isPositive();
    assertThat(pauses).as("nobody waits while another connection brings bytes").isEmpty();

    int before = registry.asked.size();
    try (InputStream in = open(client, registry, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(registry.asked).as("from then on there is one connection").hasSize(before + 1);
  }

  @Test
  void theLastConnectionWaitsAsItIsTold() throws IOException {
    AtomicInteger parts = new AtomicInteger();
    FakeRegistry registry =
        registry(
            asked -> {
              if (asked.header("Range") == null) {
                // Of the whole comes too little, so that its connection asks for a part, too.
                return honest(asked).cutAfter(asked.target().equals("/v2/") ? -1 : 5 * PIECE);
              }
              return parts.incrementAndGet() <= 3
                  ? Reply.of(429).with("Retry-After", "7")
                  : honest(asked);
            });

    assertThat(read(registry, 2)).isEqualTo(BYTES);
    assertThat(pauses).contains(Duration.ofSeconds(7));
  }

  @Test
  void whatWaitsOnTheDiskIsBounded() throws IOException {
    FakeRegistry registry = registry(RangedInputTest::honest);
    try (InputStream in = open(registry, always(4), 0)) {
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        long waiting = 0;
        for (Path each : left()) {
          waiting += size(each);
        }
        assertThat(waiting).isLessThanOrEqualTo((long) AHEAD * PIECE);
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // Read since.
    }
  }

  @Test
  void partsThatCameBeforeARestartAreNotAskedForAgain() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    open.add(never::countDown);
    long behind = 3L * PIECE;
    FakeRegistry stops =
        registry(
            asked -> {
              ByteRange range = range(asked);
              if (range != null && range.first() >= behind) {
                await(never);
              }
              return honest(asked)
                  .cutAfter(range == null && !asked.target().equals("/v2/") ? 200_000 : -1);
            });
    long read = 0;
    try (InputStream in = open(stops, always(3), 0)) {
      byte[] buffer = new byte[50_000];
      while (left().stream().mapToLong(RangedInputTest::size).sum() < PIECE) {
        if (read < 150_000) {
          read += in.readNBytes(buffer, 0, buffer.length);
        }
      }
    }
    List<Path> kept = left();
    assertThat(kept).isNotEmpty();
    Map<Long, Long> there = new HashMap<>();
    for (Path each : kept) {
      there.put(Long.parseLong(String.valueOf(each.getFileName())), Files.size(each));
    }

    FakeRegistry again = registry(RangedInputTest::honest);
    try (InputStream in = open(again, always(3), read)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, (int) read, BYTES.length));
    }
    for (Asked asked : again.asked) {
      ByteRange range = range(asked);
      if (range != null) {
        for (Map.Entry<Long, Long> each : there.entrySet()) {
          assertThat(range.first())
              .matches(first -> first < each.getKey() || first >= each.getKey() + each.getValue());
        }
      }
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void whoBeginsAnewTakesNothingThatIsLeft() throws IOException {
    Path old = folder.resolve("pieces").resolve("sha256-" + BLOB.digest().hex());
    Files.createDirectories(old);
    Files.write(old.resolve(Integer.toString(4 * PIECE)), new byte[PIECE]);

    assertThat(read(registry(RangedInputTest::honest), 3)).isEqualTo(BYTES);
  }

  @Test
  void wrongPartsThatAreLeftAreFoundOutAndNotGoneOnWithTwice() throws IOException {
    Path old = folder.resolve("pieces").resolve("sha256-" + BLOB.digest().hex());
    Files.createDirectories(old);
    Files.write(old.resolve(Integer.toString(4 * PIECE)), new byte[PIECE]);
    FakeRegistry registry = registry(RangedInputTest::honest);

    try (InputStream in = open(registry, always(3), 10)) {
      assertThat(in.readAllBytes()).isNotEqualTo(Arrays.copyOfRange(BYTES, 10, BYTES.length));
    }
    assertThat(left()).isEmpty();
    assertThat(read(registry, 3)).isEqualTo(BYTES);
  }
}
