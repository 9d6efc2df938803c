package io.djong.content.tar;

import io.djong.model.Fault;
import java.util.ArrayList;
import java.util.List;

/// Where the stored pieces of a sparse file belong: ascending, apart from each other, inside the
/// size.
///
/// @param size of the file with its holes
public record SparseMap(long size, List<Piece> pieces) {
  /// Stored bytes and where they belong.
  public record Piece(long offset, long length) {}

  /// @param numbers offset and length by turns
  static SparseMap of(List<Long> numbers, long size, long stored, TarLimits limits) {
    if (numbers.size() % 2 != 0) {
      throw new Fault.Invalid("a sparse map ends in the middle");
    }
    if (size < 0 || size > limits.sparseSize()) {
      throw new Fault.Invalid("a sparse file of " + size + " bytes is not accepted");
    }
    List<Piece> pieces = new ArrayList<>(numbers.size() / 2);
    long end = 0;
    long sum = 0;
    for (int i = 0; i < numbers.size(); i += 2) {
      Piece piece = new Piece(numbers.get(i), numbers.get(i + 1));
      if (piece.offset < end || piece.length < 0 || piece.offset > size - piece.length) {
        throw new Fault.Invalid("a sparse map has overlapping pieces or pieces beyond the end");
      }
      end = piece.offset + piece.length;
      sum += piece.length;
      if (piece.length > 0) {
        pieces.add(piece);
      }
    }
    if (sum != stored) {
      throw new Fault.Invalid(
          "a sparse map promises " + sum + " bytes where " + stored + " are stored");
    }
    return new SparseMap(size, pieces);
  }
}
