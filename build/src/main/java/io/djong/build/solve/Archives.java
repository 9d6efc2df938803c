package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.PackedTree;
import io.djong.build.context.TreePacker;
import io.djong.build.solve.Selection.Item;
import io.djong.build.solve.Selection.Pick;
import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Archives that ADD unpacks, told by their first bytes.
final class Archives {
  private static final int HEADER = 512;
  private static final int MAGIC = 257;

  private Archives() {}

  static boolean isArchive(Pick pick) throws IOException {
    if (pick.entry().kind() != TarEntry.Kind.FILE) {
      return false;
    }
    try (InputStream in = new BufferedInputStream(pick.tree().open(pick.path()))) {
      in.mark(HEADER);
      byte[] head = in.readNBytes(HEADER);
      if (isTar(head)) {
        return true;
      }
      Compression packed = Compression.of(head);
      if (packed == Compression.NONE) {
        return false;
      }
      in.reset();
      return isPackedTar(in);
    }
  }

  private static boolean isPackedTar(InputStream in) throws IOException {
    try {
      return isTar(Compression.inflate(in, Compression.Limits.LAYER).readNBytes(HEADER));
    } catch (Fault.Invalid e) {
      return false;
    }
  }

  private static boolean isTar(byte[] head) {
    if (head.length < HEADER) {
      return false;
    }
    byte[] magic = {'u', 's', 't', 'a', 'r'};
    for (int i = 0; i < magic.length; i++) {
      if (head[MAGIC + i] != magic[i]) {
        return false;
      }
    }
    return true;
  }

  static FileTree unpack(Pick pick) throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    try (TreePacker packer = new TreePacker(folder);
        InputStream packed = new BufferedInputStream(pick.tree().open(pick.path()), 1 << 16);
        InputStream tar = Compression.inflate(packed, Compression.Limits.LAYER)) {
      packer.addTar(tar);
      return packer.finish();
    }
  }

  static List<Item> items(FileTree tree) throws IOException {
    List<Item> all = new ArrayList<>();
    for (RawPath path : ((PackedTree) tree).paths()) {
      TarEntry entry = tree.find(path);
      if (entry != null) {
        all.add(new Item(path, path, entry));
      }
    }
    return all;
  }
}
