package io.djong.layers.erofs;

import io.djong.linux.FileKind;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Decides where everything in an index lies: behind the super block all inodes, a folder's before
/// those in it; then the blocks of folders and of links that fit into no inode; then copies of what
/// does not lie in the tar as it must. The same tree always lies the same way.
final class IndexLayout {
  private static final long FIRST_INODE = IndexFormat.SUPER + IndexFormat.BLOCK;

  /// What copies may take in one index.
  private static final long COPIES = 256L << 20;

  /// In the order of their positions.
  final List<Inode> inodes = new ArrayList<>();

  /// Those with blocks, in the order of these.
  final List<Inode> withBlocks = new ArrayList<>();

  /// Where the copies begin, in blocks.
  long copies;

  /// In blocks.
  long end;

  /// Bytes of all files and links, each inode once.
  long content;

  private IndexLayout() {}

  static IndexLayout of(Inode root) {
    IndexLayout layout = new IndexLayout();
    layout.collect(root);
    layout.place();
    return layout;
  }

  private void collect(Inode root) {
    Deque<Inode> todo = new ArrayDeque<>();
    root.links = 2;
    meet(root);
    todo.add(root);
    while (!todo.isEmpty()) {
      Inode folder = todo.remove();
      List<Map.Entry<RawPath, Inode>> children = new ArrayList<>(folder.names().entrySet());
      children.sort(Map.Entry.comparingByKey());
      for (Map.Entry<RawPath, Inode> child : children) {
        Inode inode = child.getValue();
        if (inode.isFolder()) {
          folder.links++;
          inode.links = 2;
          meet(inode);
          todo.add(inode);
        } else if (inode.links++ == 0) {
          meet(inode);
        }
      }
    }
  }

  private void meet(Inode inode) {
    inodes.add(inode);
    inode.serial = inodes.size();
    content += inode.isFolder() ? 0 : inode.size;
  }

  private void place() {
    long next = FIRST_INODE;
    for (Inode inode : inodes) {
      next = IndexFormat.align(next, IndexFormat.SLOT);
      int size = IndexFormat.INODE + InodeXattrs.size(inode.attributes());
      if (inode.kind == FileKind.SYMLINK && isInline(inode)) {
        size += (int) inode.size;
        // The kernel takes a link's target only from the block that its inode ends in.
        if (next % IndexFormat.BLOCK + size > IndexFormat.BLOCK) {
          next = IndexFormat.align(next, IndexFormat.BLOCK);
        }
      }
      inode.position = next;
      next += size;
      if (inode.kind == FileKind.REGULAR && inode.size > 0) {
        ChunkMap chunks = ChunkMap.of(inode);
        inode.chunks = chunks;
        next = IndexFormat.align(next, IndexFormat.CHUNK_INDEX);
        next += (long) IndexFormat.CHUNK_INDEX * chunks.chunks().size();
      }
    }
    long block = IndexFormat.blocks(next);
    for (Inode inode : inodes) {
      if (inode.isFolder()) {
        inode.size = FolderBlocks.size(inode);
      } else if (inode.kind != FileKind.SYMLINK || isInline(inode)) {
        continue;
      }
      inode.block = block;
      withBlocks.add(inode);
      block += IndexFormat.blocks(inode.size);
    }
    copies = block;
    end = block + copied();
  }

  /// How many blocks the copies take.
  private long copied() {
    long bytes = 0;
    for (Inode inode : inodes) {
      if (inode.chunks != null) {
        long each = inode.chunks.size();
        for (ChunkMap.Chunk chunk : inode.chunks.chunks()) {
          bytes += chunk instanceof ChunkMap.Chunk.Copy ? each : 0;
        }
      }
      if (bytes > COPIES) {
        throw new Fault.Invalid(
            "sparse files whose pieces do not lie in whole blocks, more than 256 MiB of them;"
                + " the storage driver overlay2 takes such a layer");
      }
    }
    return IndexFormat.blocks(bytes);
  }

  static boolean isInline(Inode link) {
    return IndexFormat.INODE + link.size <= IndexFormat.BLOCK;
  }
}
