package io.djong.layers.erofs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Archives that went through bad hands: bytes changed, numbers replaced, blocks lost, doubled and
/// exchanged; most with headers whose checksums are right again, so that they come further.
final class MutatedTars {
  private static final int BLOCK = 512;
  private static final byte[] FLAGS = "01234567LKSxgV\0".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> WORDS =
      List.of(
          ".wh.a",
          ".wh..wh..opq",
          "..",
          ".",
          "a",
          "a/b",
          "/",
          "a/../../b",
          "",
          "dir/",
          ".wh.",
          "a".repeat(99));

  private final Random random;
  private final List<byte[]> corpus;

  MutatedTars(Random random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  byte[] next() {
    byte[] tar = corpus.get(random.nextInt(corpus.size())).clone();
    for (int i = random.nextInt(5); i >= 0; i--) {
      tar = mutate(tar);
      if (tar.length < BLOCK) {
        return tar;
      }
    }
    return tar;
  }

  private byte[] mutate(byte[] tar) {
    int blocks = tar.length / BLOCK;
    int block = random.nextInt(blocks) * BLOCK;
    switch (random.nextInt(12)) {
      case 0 -> tar[random.nextInt(tar.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        return Arrays.copyOf(tar, random.nextInt(tar.length));
      }
      case 2 -> {
        return splice(tar, block, random.nextInt(blocks) * BLOCK);
      }
      case 3 -> {
        int other = random.nextInt(blocks) * BLOCK;
        for (int i = 0; i < BLOCK; i++) {
          byte held = tar[block + i];
          tar[block + i] = tar[other + i];
          tar[other + i] = held;
        }
      }
      case 4 -> digits(tar, block, BLOCK);
      default -> header(tar);
    }
    return tar;
  }

  /// Leaves blocks out, or has them twice.
  private static byte[] splice(byte[] tar, int to, int from) {
    byte[] spliced = new byte[to + tar.length - from];
    System.arraycopy(tar, 0, spliced, 0, to);
    System.arraycopy(tar, from, spliced, to, tar.length - from);
    return spliced;
  }

  private void digits(byte[] tar, int from, int length) {
    List<Integer> places = new ArrayList<>();
    for (int i = from; i < from + length; i++) {
      if (tar[i] >= '0' && tar[i] <= '9') {
        places.add(i);
      }
    }
    for (int i = random.nextInt(4); i >= 0 && !places.isEmpty(); i--) {
      tar[places.get(random.nextInt(places.size()))] = (byte) ('0' + random.nextInt(10));
    }
  }

  private void header(byte[] tar) {
    List<Integer> headers = new ArrayList<>();
    for (int at = 0; at + BLOCK <= tar.length; at += BLOCK) {
      if (tar[at + 257] == 'u' && tar[at + 258] == 's') {
        headers.add(at);
      }
    }
    if (headers.isEmpty()) {
      return;
    }
    int at = headers.get(random.nextInt(headers.size()));
    switch (random.nextInt(7)) {
      case 0 -> tar[at + 156] = FLAGS[random.nextInt(FLAGS.length)];
      case 1 -> word(tar, at, 100);
      case 2 -> word(tar, at + 157, 100);
      case 3 -> digits(tar, at + 100, 48);
      case 4 -> digits(tar, at + 124, 12);
      case 5 -> digits(tar, at + 329, 16);
      default -> tar[at + random.nextInt(BLOCK)] = (byte) random.nextInt();
    }
    if (random.nextInt(8) > 0) {
      seal(tar, at);
    }
  }

  private void word(byte[] tar, int at, int length) {
    byte[] word = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.US_ASCII);
    Arrays.fill(tar, at, at + length, (byte) 0);
    System.arraycopy(word, 0, tar, at, word.length);
  }

  private static void seal(byte[] tar, int at) {
    Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += Byte.toUnsignedInt(tar[at + i]);
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, at + 148, 8);
  }
}
