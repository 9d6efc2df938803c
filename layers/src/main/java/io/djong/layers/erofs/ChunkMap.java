package io.djong.layers.erofs;

import io.djong.content.tar.SparseMap;
import io.djong.content.tar.SparseMap.Piece;
import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.List;

/// Where the content of one file lies, in chunks of equal size: in the tar, nowhere (a hole), or,
/// where a chunk holds what does not lie in the tar as it must, in a copy. Nearly every file is a
/// single chunk.
///
/// @param bits of the chunk size
/// @param chunks where each lies
record ChunkMap(int bits, List<Chunk> chunks) {
  /// Where one lies.
  sealed interface Chunk {
    /// @param block of the tar
    record Stored(long block) implements Chunk {}

    record Hole() implements Chunk {}

    /// @param pieces what of the tar is to be copied where in the chunk
    record Copy(List<Part> pieces) implements Chunk {}
  }

  /// @param stored where the bytes lie in the tar
  record Part(long stored, int offset, int length) {}

  private static final Chunk HOLE = new Chunk.Hole();

  /// Chunks of one file.
  private static final int MOST = 1 << 20;

  private static final int MAX_BITS = IndexFormat.BLOCK_BITS + IndexFormat.MAX_CHUNK_BITS;

  /// The chunk of a copy is made in memory.
  private static final int MAX_COPY_BITS = 20;

  long size() {
    return 1L << bits;
  }

  /// @throws Fault.Invalid if there is no sensible map
  static ChunkMap of(Inode file) {
    SparseMap sparse = file.sparse;
    if (sparse == null) {
      return whole(file.size, file.stored);
    }
    int bits = Math.max(IndexFormat.BLOCK_BITS, Math.min(MAX_BITS, alignment(sparse)));
    int least = bits(file.size / MOST);
    if (least > bits) {
      bits = least;
    }
    return pieces(file, sparse, bits);
  }

  private static ChunkMap whole(long size, long stored) {
    int bits = Math.clamp(bits(size), IndexFormat.BLOCK_BITS, MAX_BITS);
    List<Chunk> chunks = new ArrayList<>(1);
    for (long at = 0; at < size; at += 1L << bits) {
      chunks.add(new Chunk.Stored((stored + at) >>> IndexFormat.BLOCK_BITS));
    }
    return new ChunkMap(bits, chunks);
  }

  /// The least power of two that is not below the size.
  private static int bits(long size) {
    return size <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(size - 1);
  }

  /// The greatest power of two at whose multiples all pieces begin and end.
  private static int alignment(SparseMap sparse) {
    long all = 0;
    for (Piece piece : sparse.pieces()) {
      long end = piece.offset() + piece.length();
      all |= piece.offset();
      all |= end == sparse.size() ? 0 : end;
    }
    return all == 0 ? bits(sparse.size()) : Long.numberOfTrailingZeros(all);
  }

  private static ChunkMap pieces(Inode file, SparseMap sparse, int bits) {
    long size = 1L << bits;
    List<Chunk> chunks = new ArrayList<>();
    List<Piece> pieces = sparse.pieces();
    int next = 0;
    long stored = file.stored;
    for (long start = 0; start < sparse.size(); start += size) {
      long end = Math.min(start + size, sparse.size());
      List<Part> parts = new ArrayList<>();
      // Parts may be larger than an int here; what is copied is not.
      long first = -1;
      long covered = 0;
      while (next < pieces.size() && pieces.get(next).offset() < end) {
        Piece piece = pieces.get(next);
        long from = Math.max(start, piece.offset());
        long to = Math.min(end, piece.offset() + piece.length());
        long at = stored + (from - piece.offset());
        if (first < 0) {
          first = from == start ? at : -2;
        } else {
          first = -2;
        }
        covered += to - from;
        if (bits <= MAX_COPY_BITS) {
          parts.add(new Part(at, (int) (from - start), (int) (to - from)));
        }
        if (to < piece.offset() + piece.length()) {
          break;
        }
        stored += piece.length();
        next++;
        if (first == -2 && bits > MAX_COPY_BITS) {
          throw scattered();
        }
      }
      chunks.add(chunk(first, covered, end - start, parts, bits));
    }
    return new ChunkMap(bits, chunks);
  }

  private static Chunk chunk(long first, long covered, long length, List<Part> parts, int bits) {
    if (covered == 0) {
      return HOLE;
    }
    if (first >= 0 && covered == length && first % IndexFormat.BLOCK == 0) {
      return new Chunk.Stored(first >>> IndexFormat.BLOCK_BITS);
    }
    if (bits > MAX_COPY_BITS) {
      throw scattered();
    }
    return new Chunk.Copy(List.copyOf(parts));
  }

  private static Fault.Invalid scattered() {
    return new Fault.Invalid(
        "a sparse file whose pieces lie too scattered for its size;"
            + " the storage driver overlay2 takes it");
  }
}
