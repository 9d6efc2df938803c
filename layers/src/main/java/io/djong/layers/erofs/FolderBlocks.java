package io.djong.layers.erofs;

import io.djong.linux.FileKind;
import io.djong.model.RawPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The names of one folder, sorted by their bytes and put into blocks: in each the entries come
/// first, then their names. The kernel looks for a name by halving, first among the blocks.
final class FolderBlocks {
  private static final byte[] SELF = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private FolderBlocks() {}

  // Names are compared by their bytes, never as records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Name(byte[] bytes, Inode inode) {
    int size() {
      return IndexFormat.DIRENT + bytes.length;
    }
  }

  private static List<Name> sorted(Inode folder) {
    List<Name> names = new ArrayList<>(folder.names().size() + 2);
    names.add(new Name(SELF, folder));
    names.add(new Name(PARENT, folder.parent == null ? folder : folder.parent));
    for (Map.Entry<RawPath, Inode> child : folder.names().entrySet()) {
      names.add(new Name(child.getKey().bytes(), child.getValue()));
    }
    names.sort((a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes));
    return names;
  }

  /// In bytes: whole blocks, and of the last what is used.
  static long size(Inode folder) {
    long full = 0;
    int used = 0;
    for (Name name : sorted(folder)) {
      if (used + name.size() > IndexFormat.BLOCK) {
        full++;
        used = 0;
      }
      used += name.size();
    }
    return full * IndexFormat.BLOCK + used;
  }

  /// Takes a block.
  @FunctionalInterface
  interface Sink {
    void take(byte[] block) throws java.io.IOException;
  }

  /// Gives the blocks, all of them full of size. All inodes must have their positions.
  static void write(Inode folder, Sink sink) throws java.io.IOException {
    List<Name> names = sorted(folder);
    int from = 0;
    while (from < names.size()) {
      int to = from;
      int used = 0;
      while (to < names.size() && used + names.get(to).size() <= IndexFormat.BLOCK) {
        used += names.get(to++).size();
      }
      sink.take(block(names.subList(from, to)));
      from = to;
    }
  }

  private static byte[] block(List<Name> names) {
    ByteBuffer block = ByteBuffer.allocate(IndexFormat.BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    int nameAt = names.size() * IndexFormat.DIRENT;
    for (Name name : names) {
      FileKind kind = name.inode.kind;
      block.putLong(name.inode.position / IndexFormat.SLOT);
      block.putShort((short) nameAt);
      block.put(IndexFormat.type(kind));
      block.put((byte) 0);
      block.put(nameAt, name.bytes);
      nameAt += name.bytes.length;
    }
    return block.array();
  }
}
