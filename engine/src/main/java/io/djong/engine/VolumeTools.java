package io.djong.engine;

import io.djong.engine.Volumes.VolumeDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What djong does with volumes beyond Docker. Durable when a call returns. Safe for use by several
/// threads. Every method throws [io.djong.model.Fault.NotFound] if there is no volume of that name.
public interface VolumeTools {
  /// Writes the files of a volume as a tar, as they are while others may change them.
  void export(String name, OutputStream tar) throws IOException;

  /// Fills an empty volume from a tar, plain or compressed: with all of it or nothing.
  ///
  /// @throws io.djong.model.Fault.Conflict if there is something in it
  /// @throws io.djong.model.Fault.Invalid if the archive is not what it must be
  void importTree(String name, InputStream tar) throws IOException;

  /// Makes a volume with the same files, labels and options. Of files that change meanwhile it has
  /// what was there when each was read.
  ///
  /// @throws io.djong.model.Fault.Conflict if the new name is taken
  /// @throws io.djong.model.Fault.Invalid if its files lie on a device of their own
  VolumeDetails copy(String name, String newName) throws IOException;

  /// Gives it another name.
  ///
  /// @throws io.djong.model.Fault.Conflict if a container has it, or the new name is taken
  VolumeDetails rename(String name, String newName) throws IOException;
}
