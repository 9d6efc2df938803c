package io.djong.build.solve;

import io.djong.build.context.FileTree;
import io.djong.build.context.RootTree;
import io.djong.content.tar.TarEntry;
import io.djong.model.Digest;
import io.djong.model.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tree that is mounted as long as it is read.
record MountedTree(RootTree tree, MountedTrees.Mounted mounted) implements FileTree {
  @Override
  public @Nullable TarEntry find(RawPath path) throws IOException {
    return tree.find(path);
  }

  @Override
  public List<RawPath> list(RawPath folder) throws IOException {
    return tree.list(folder);
  }

  @Override
  public InputStream open(RawPath file) throws IOException {
    return tree.open(file);
  }

  @Override
  public Digest digest(RawPath file) throws IOException {
    return tree.digest(file);
  }

  @Override
  public void close() throws IOException {
    tree.close();
    mounted.close();
  }
}
