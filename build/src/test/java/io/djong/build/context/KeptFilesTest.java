package io.djong.build.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.djong.build.Builder.CacheEntry;
import io.djong.build.Builder.ContextOffer;
import io.djong.build.Builder.PruneWish;
import io.djong.content.tar.TarEntry;
import io.djong.content.tar.TarWriter;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What builds need not send again.
final class KeptFilesTest {
  private static final KeptFiles.Limits FEW = new KeptFiles.Limits(1500, 1000, 1000);
  private static final String BIG = "b".repeat(1000);

  @TempDir Path folder = Path.of("");
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private KeptFiles kept;

  @BeforeEach
  void open() throws IOException {
    kept = new KeptFiles(folder, KeptFiles.Limits.USUAL, () -> now);
  }

  @AfterEach
  void close() throws IOException {
    kept.close();
  }

  private void reopen(KeptFiles.Limits limits) throws IOException {
    kept.close();
    kept = new KeptFiles(folder, limits, () -> now);
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }

  private static String line(String text, String path) {
    return digest(text) + " 750 7 8 1000 5 " + path + "\0";
  }

  /// @param files the bytes by the paths
  private static InputStream tar(String manifest, Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(bytes);
    put(tar, "manifest", manifest);
    for (Map.Entry<String, String> each : files.entrySet()) {
      put(tar, each.getKey(), each.getValue());
    }
    tar.close();
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void put(TarWriter tar, String path, String text) throws IOException {
    byte[] content = text.getBytes(UTF_8);
    tar.put(
        TarEntry.file(path, 0644, content.length, Instant.EPOCH),
        new ByteArrayInputStream(content));
  }

  private String offered(String... texts) throws IOException {
    return kept.offer(Stream.of(texts).map(KeptFilesTest::digest).toList()).lease();
  }

  private List<Digest> missing(String... texts) throws IOException {
    return kept.offer(Stream.of(texts).map(KeptFilesTest::digest).toList()).missing();
  }

  private static String read(PackedTree tree, String path) throws IOException {
    try (InputStream in = tree.open(RawPath.of(path))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static byte[] readNothingBeyond(PackedTree tree, String path) throws IOException {
    try (InputStream in = tree.open(RawPath.of(path))) {
      return in.readNBytes(BIG.length());
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  @Test
  void whatOneBuildBroughtTheNextNeedNotSend() throws Exception {
    ContextOffer first = kept.offer(List.of(digest("tea"), digest(BIG)));
    assertThat(first.missing()).containsExactly(digest("tea"), digest(BIG));
    try (PackedTree tree = kept.receive(tar("", Map.of("t", "tea", "b", BIG)), first.lease())) {
      assertThat(read(tree, "t")).isEqualTo("tea");
      assertThat(tree.size()).isEqualTo(2);
    }

    ContextOffer second = kept.offer(List.of(digest("tea"), digest("rum"), digest(BIG)));
    assertThat(second.missing()).containsExactly(digest("rum"));
    try (PackedTree tree =
        kept.receive(
            tar(line("tea", "d/e/t") + line(BIG, "odd\nname b"), Map.of("r", "rum")),
            second.lease())) {
      assertThat(read(tree, "d/e/t")).isEqualTo("tea");
      assertThat(read(tree, "odd\nname b")).isEqualTo(BIG);
      assertThat(read(tree, "r")).isEqualTo("rum");
      assertThat(tree.digest(RawPath.of("d/e/t"))).isEqualTo(digest("tea"));
      TarEntry tea = requireNonNull(tree.find(RawPath.of("d/e/t")));
      assertThat(tea.permissions()).isEqualTo(0750);
      assertThat(tea.uid()).isEqualTo(7);
      assertThat(tea.gid()).isEqualTo(8);
      assertThat(tea.size()).isEqualTo(3);
      assertThat(tea.modified()).isEqualTo(Instant.ofEpochSecond(1000, 5));
      assertThat(tree.list(RawPath.of("d"))).containsExactly(RawPath.of("e"));
    }
    assertThat(missing("tea", "rum", BIG)).isEmpty();
  }

  @Test
  void aRestartKeepsWhatWasFinishedAndRemovesTheRest() throws Exception {
    kept.receive(tar("", Map.of("t", "tea")), offered("tea")).close();
    kept.close();
    assertThat(names()).hasSize(2);
    Files.writeString(folder.resolve("unfinished.pack"), "half of it");
    Files.writeString(folder.resolve("alone.index"), "");
    Files.writeString(folder.resolve("half.new"), "");
    Files.writeString(folder.resolve("odd.pack"), "abc");
    Files.writeString(folder.resolve("odd.index"), digest("abc") + " 1 3\n");
    kept = new KeptFiles(folder, KeptFiles.Limits.USUAL, () -> now);

    assertThat(missing("tea", "half of it", "abc"))
        .containsExactly(digest("half of it"), digest("abc"));
    assertThat(names()).hasSize(2);
    try (PackedTree tree = kept.receive(tar(line("tea", "t"), Map.of()), offered("tea"))) {
      assertThat(read(tree, "t")).isEqualTo("tea");
    }
  }

  @Test
  void whatWasDamagedOnTheDiskIsNeverReadAsIfItWereNotAndIsAskedForAgain() throws Exception {
    kept.receive(tar("", Map.of("t", "tea", "b", BIG)), offered("tea", BIG)).close();
    kept.close();
    Path pack =
        folder.resolve(names().stream().filter(name -> name.endsWith(".pack")).findFirst().get());
    byte[] bytes = Files.readAllBytes(pack);
    bytes[500] ^= 1;
    Files.write(pack, bytes);
    kept = new KeptFiles(folder, KeptFiles.Limits.USUAL, () -> now);

    try (PackedTree tree =
        kept.receive(tar(line("tea", "t") + line(BIG, "b"), Map.of()), offered("tea", BIG))) {
      // Who copies knows the size and does not ask for the end.
      assertThatThrownBy(() -> readNothingBeyond(tree, "b"))
          .isInstanceOf(Fault.Failed.class)
          .hasMessageContaining("build once more");
      assertThat(missing("tea", BIG)).hasSize(2);
    }
    kept.receive(tar("", Map.of("t", "tea", "b", BIG)), offered("tea", BIG)).close();
    assertThat(missing("tea", BIG)).isEmpty();
    assertThat(names()).doesNotContain(String.valueOf(pack.getFileName()));
  }

  @Test
  void anOfferIsGoodForOneContextAndNotForEver() throws Exception {
    String lease = offered("tea");
    kept.receive(tar("", Map.of("t", "tea")), lease).close();
    assertThatThrownBy(() -> kept.receive(tar("", Map.of()), lease))
        .isInstanceOf(Fault.NotFound.class);
    String old = offered("tea");
    now = now.plus(Duration.ofMinutes(11));
    assertThatThrownBy(() -> kept.receive(tar("", Map.of()), old))
        .isInstanceOf(Fault.NotFound.class);
    assertThatThrownBy(() -> kept.receive(tar("", Map.of()), "never"))
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void whatWasNotOfferedAndWhatMakesNoSenseIsRefusedAndLeavesNothing() throws Exception {
    kept.receive(tar("", Map.of("t", "tea")), offered("tea")).close();
    kept.close();
    List<String> before = names();
    kept = new KeptFiles(folder, KeptFiles.Limits.USUAL, () -> now);
    String good = line("tea", "t");

    for (String wrong :
        List.of(
            line("rum", "r"),
            line("tea", "../../etc/passwd"),
            line("tea", ""),
            good.substring(0, good.length() - 1),
            "sha256:00 750 7 8 1000 5 t\0",
            digest("tea") + " 750 7 8 1000 t\0",
            digest("tea") + " 999 7 8 1000 5 t\0",
            digest("tea") + " 750 -7 8 1000 5 t\0",
            digest("tea") + " 750 7 8 99999999999999999999 5 t\0",
            line("tea", "x".repeat(20_000)))) {
      String lease = offered("tea");
      assertThatThrownBy(() -> kept.receive(tar(wrong, Map.of("new", "new")), lease))
          .as(wrong)
          .isInstanceOf(Fault.Invalid.class);
    }
    String lease = offered("tea");
    assertThatThrownBy(() -> kept.receive(new ByteArrayInputStream(new byte[1024]), lease))
        .isInstanceOf(Fault.Invalid.class);
    // Known to the engine, and not to whoever was told of nothing.
    String nothing = offered();
    assertThatThrownBy(() -> kept.receive(tar(good, Map.of()), nothing))
        .isInstanceOf(Fault.Invalid.class);

    assertThat(kept.entries()).extracting(CacheEntry::inUse).containsExactly(false);
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void theLeastRecentlyUsedGoesFirstAndNothingThatABuildReads() throws Exception {
    reopen(FEW);
    kept.receive(tar("", Map.of("b", BIG)), offered(BIG)).close();
    now = now.plusSeconds(1);
    kept.receive(tar("", Map.of("t", "tea")), offered("tea")).close();
    now = now.plusSeconds(1);
    String other = "c".repeat(1000);

    try (PackedTree reading = kept.receive(tar(line(BIG, "b"), Map.of()), offered(BIG))) {
      now = now.plusSeconds(1);
      kept.receive(tar("", Map.of("o", other)), offered(other)).close();

      assertThat(read(reading, "b")).isEqualTo(BIG);
      assertThat(kept.entries()).extracting(CacheEntry::size).containsExactly(1000L);
    }
    kept.receive(tar("", Map.of("o", other)), offered(other)).close();
    assertThat(missing(BIG, "tea")).containsExactly(digest(BIG), digest("tea"));
  }

  @Test
  void pruningFreesWhatNoBuildReads() throws Exception {
    kept.receive(tar("", Map.of("b", BIG)), offered(BIG)).close();
    now = now.plusSeconds(1);
    PruneWish all = new PruneWish(0, null, Map.of());
    assertThat(kept.prune(new PruneWish(5000, null, Map.of())).removed()).isEmpty();
    assertThat(kept.prune(new PruneWish(0, now.minusSeconds(60), Map.of())).removed()).isEmpty();
    assertThat(kept.prune(new PruneWish(0, null, Map.of("type", List.of("regular")))).removed())
        .isEmpty();

    try (PackedTree tree = kept.receive(tar(line(BIG, "b"), Map.of()), offered(BIG))) {
      assertThat(kept.prune(all).removed()).isEmpty();
      assertThat(read(tree, "b")).isEqualTo(BIG);
    }
    assertThat(kept.prune(all).spaceReclaimed()).isEqualTo(1000);
    kept.close();
    assertThat(names()).isEmpty();
  }
}
