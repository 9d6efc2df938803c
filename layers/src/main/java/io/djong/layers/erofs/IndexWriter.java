package io.djong.layers.erofs;

import io.djong.layers.erofs.ChunkMap.Chunk;
import io.djong.linux.FileKind;
import io.djong.model.Digest;
import io.djong.model.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes the index of a tree: an EROFS file system whose files lie in another file, the tar
/// (kernel documentation, `filesystems/erofs.rst`). The same tree gives the same bytes. For one
/// thread.
final class IndexWriter {
  private final IndexLayout layout;
  private final TarBytes tar;
  private final long tarSize;
  private final IndexOutput out;
  private final List<CopyOf> copies = new ArrayList<>();

  private record CopyOf(Chunk.Copy chunk, int size) {}

  /// Reads the tar anywhere, as a channel does.
  @FunctionalInterface
  interface TarBytes {
    int read(ByteBuffer into, long from) throws IOException;
  }

  /// @param tar read where files lie in it in no way that the format can say
  IndexWriter(IndexLayout layout, TarBytes tar, long tarSize, IndexOutput out) {
    this.layout = layout;
    this.tar = tar;
    this.tarSize = tarSize;
    this.out = out;
  }

  /// @param name by which the kernel tells it from other file systems
  void write(Digest name) throws IOException {
    long tarBlocks = IndexFormat.blocks(tarSize);
    if (tarBlocks > 0xffff_fff0L || layout.end > 0xffff_fff0L) {
      throw new Fault.Invalid("a layer of more than 2 TiB; the storage driver overlay2 takes it");
    }
    out.write(new byte[IndexFormat.SUPER]);
    out.write(superBlock(name, tarBlocks));
    long copy = layout.copies;
    for (Inode inode : layout.inodes) {
      out.pad(inode.position);
      out.write(head(inode));
      out.write(InodeXattrs.encode(inode.attributes()));
      if (inode.kind == FileKind.SYMLINK && IndexLayout.isInline(inode)) {
        out.write(inode.target);
      }
      ChunkMap chunks = inode.chunks;
      if (chunks != null) {
        out.pad(IndexFormat.align(out.position(), IndexFormat.CHUNK_INDEX));
        copy = writeChunks(chunks, copy);
      }
    }
    for (Inode inode : layout.withBlocks) {
      out.pad(inode.block * IndexFormat.BLOCK);
      if (inode.isFolder()) {
        FolderBlocks.write(inode, out::write);
      } else {
        out.write(inode.target);
      }
    }
    out.pad(layout.copies * IndexFormat.BLOCK);
    for (CopyOf each : copies) {
      writeCopy(each);
    }
    out.pad(layout.end * IndexFormat.BLOCK);
  }

  private byte[] superBlock(Digest name, long tarBlocks) {
    ByteBuffer block = ByteBuffer.allocate(IndexFormat.BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    block.putInt(IndexFormat.MAGIC);
    block.putInt(0); // the checksum
    block.putInt(IndexFormat.COMPAT_CHECKSUM | IndexFormat.COMPAT_MTIME);
    block.put((byte) IndexFormat.BLOCK_BITS);
    block.put((byte) 0); // no more slots of the super block
    block.putShort((short) (layout.inodes.getFirst().position / IndexFormat.SLOT));
    block.putLong(layout.inodes.size());
    block.putLong(0).putInt(0); // the time of compact inodes
    block.putInt((int) layout.end);
    block.putInt(0).putInt(0); // inodes are counted from the beginning; no shared attributes
    block.put(HexFormat.of().parseHex(name.hex()), 0, 16);
    block.put(new byte[16]); // no name
    block.putInt(IndexFormat.INCOMPAT_CHUNKED | IndexFormat.INCOMPAT_DEVICES);
    block.putShort((short) 0);
    block.putShort((short) 1); // one device more: the tar
    int slot = IndexFormat.SUPER + IndexFormat.SUPER_SIZE;
    block.putShort((short) (slot / IndexFormat.DEVICE_SLOT));
    block.putInt(IndexFormat.SUPER_SIZE + 64, (int) tarBlocks);
    CRC32C checksum = new CRC32C();
    checksum.update(block.array());
    // The kernel's has no last inversion.
    block.putInt(4, ~(int) checksum.getValue());
    return block.array();
  }

  private static byte[] head(Inode inode) {
    ByteBuffer head = ByteBuffer.allocate(IndexFormat.INODE).order(ByteOrder.LITTLE_ENDIAN);
    head.putShort((short) format(inode));
    head.putShort((short) InodeXattrs.count(InodeXattrs.size(inode.attributes())));
    head.putShort((short) inode.mode());
    head.putShort((short) 0);
    head.putLong(inode.size);
    head.putInt(union(inode));
    head.putInt(inode.serial);
    head.putInt(inode.uid);
    head.putInt(inode.gid);
    head.putLong(inode.seconds);
    head.putInt(inode.nanoseconds);
    head.putInt(inode.links);
    return head.array();
  }

  private static int format(Inode inode) {
    if (inode.chunks != null) {
      return IndexFormat.LAYOUT_CHUNKS;
    }
    return inode.kind == FileKind.SYMLINK && IndexLayout.isInline(inode)
        ? IndexFormat.LAYOUT_INLINE
        : IndexFormat.LAYOUT_PLAIN;
  }

  private static int union(Inode inode) {
    ChunkMap chunks = inode.chunks;
    if (chunks != null) {
      return (chunks.bits() - IndexFormat.BLOCK_BITS) | IndexFormat.CHUNK_INDEXES;
    }
    return switch (inode.kind) {
      case CHARACTER_DEVICE, BLOCK_DEVICE -> inode.device;
      case FOLDER, SYMLINK -> (int) inode.block;
      case REGULAR, FIFO, SOCKET -> 0;
    };
  }

  private long writeChunks(ChunkMap chunks, long firstCopy) throws IOException {
    ByteBuffer index = ByteBuffer.allocate(IndexFormat.CHUNK_INDEX).order(ByteOrder.LITTLE_ENDIAN);
    long copy = firstCopy;
    for (Chunk chunk : chunks.chunks()) {
      index.clear();
      index.putShort((short) 0);
      switch (chunk) {
        case Chunk.Stored stored -> index.putShort((short) 1).putInt((int) stored.block());
        case Chunk.Hole _ -> index.putShort((short) 0).putInt(IndexFormat.HOLE);
        case Chunk.Copy made -> {
          index.putShort((short) 0).putInt((int) copy);
          copy += chunks.size() >>> IndexFormat.BLOCK_BITS;
          copies.add(new CopyOf(made, (int) chunks.size()));
        }
      }
      out.write(index.array());
    }
    return copy;
  }

  private void writeCopy(CopyOf copy) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(copy.size);
    for (ChunkMap.Part part : copy.chunk.pieces()) {
      bytes.limit(part.offset() + part.length()).position(part.offset());
      long from = part.stored();
      while (bytes.hasRemaining()) {
        int got = tar.read(bytes, from);
        if (got < 0) {
          throw new EOFException("the tar became shorter");
        }
        from += got;
      }
      bytes.limit(copy.size);
    }
    out.write(bytes.array());
  }
}
