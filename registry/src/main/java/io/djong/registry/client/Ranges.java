package io.djong.registry.client;

import java.util.function.Supplier;

/// How large blobs come in parts.
///
/// @param least in bytes, what must be left of a blob for that to be worth it
/// @param piece in bytes, how much is asked for at once
/// @param ahead how many pieces may wait to be read: with `piece`, what a blob takes on the disk
/// @param pace decides for one blob over how many connections it comes
record Ranges(PieceFolders folders, long least, long piece, int ahead, Supplier<Pace> pace) {
  private static final long PIECE = 8 << 20;

  static Ranges of(PieceFolders folders) {
    return new Ranges(folders, 4 * PIECE, PIECE, 8, Pace::new);
  }
}
