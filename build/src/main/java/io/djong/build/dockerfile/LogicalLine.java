package io.djong.build.dockerfile;

import io.djong.build.dockerfile.DockerfileText.Position;
import java.util.List;

/// One instruction as it stands: lines joined where they go on, comments taken out. Immutable.
///
/// @param last the number of its last line, heredocs included
/// @param emptyContinuation whether an empty line was in the middle of it
record LogicalLine(
    String text, List<Piece> pieces, int last, List<Heredoc> heredocs, boolean emptyContinuation) {

  /// Where in the file a piece of the text begins.
  record Piece(int offset, Position position) {}

  int first() {
    return pieces.getFirst().position().line();
  }

  /// The place of a character of the text.
  Position at(int offset) {
    Piece found = pieces.getFirst();
    for (Piece piece : pieces) {
      if (piece.offset() <= offset) {
        found = piece;
      }
    }
    Position start = found.position();
    return new Position(start.line(), start.column() + offset - found.offset());
  }
}
