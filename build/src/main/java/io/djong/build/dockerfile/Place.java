package io.djong.build.dockerfile;

import io.djong.build.dockerfile.DockerfileText.Position;

/// Where an instruction stands, and its words as they were written.
///
/// @param last the number of its last line
/// @param words the instruction with its lines joined
public record Place(Position position, int last, String words) {
  public int line() {
    return position.line();
  }
}
