package io.djong.build.local;

import io.djong.build.BuildRequest;
import io.djong.build.BuildRequest.Context;
import io.djong.build.context.FileTree;
import io.djong.build.context.Links;
import io.djong.build.context.PackedTree;
import io.djong.build.context.TreePacker;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.build.plan.RemoteNames;
import io.djong.build.remote.GitAddress;
import io.djong.build.remote.GitRemotes;
import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.ignore.IgnoreRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The files that came with a build. For one build.
final class Contexts implements AutoCloseable {
  private static final int MAX_IGNORE = 4 << 20;

  private final PackedTree tree;

  private Contexts(PackedTree tree) {
    this.tree = tree;
  }

  /// Reads all of a context.
  ///
  /// @throws Fault.Invalid if it is damaged
  static Contexts receive(Context context, Path scratch, GitRemotes remotes)
      throws IOException, InterruptedException {
    if (context instanceof Context.Remote(String url)) {
      if (!RemoteNames.isGit(url)) {
        throw new Fault.Unsupported(
            "building from an archive behind a URL is not there yet: send the files instead");
      }
      return new Contexts(remotes.fetch(GitAddress.parse(url), null, false));
    }
    try (TreePacker packer = new TreePacker(scratch)) {
      if (context instanceof Context.Tar(InputStream stream)) {
        try (InputStream tar = Compression.inflate(stream, Compression.Limits.LAYER)) {
          packer.addTar(tar);
        }
      }
      return new Contexts(packer.finish());
    }
  }

  /// The Dockerfile, wherever it is.
  ///
  /// @throws Fault.Invalid in Docker's words if it is nowhere
  DockerfileText dockerfile(BuildRequest request) throws IOException {
    byte[] given = request.dockerfileText();
    String name = request.dockerfile().isEmpty() ? "Dockerfile" : request.dockerfile();
    if (given != null) {
      return DockerfileText.of(name, given);
    }
    byte[] bytes = read(name, DockerfileText.MAX_BYTES + 1);
    if (bytes == null && name.equals("Dockerfile")) {
      bytes = read("dockerfile", DockerfileText.MAX_BYTES + 1);
    }
    if (bytes == null) {
      throw new Fault.Invalid("Cannot locate specified Dockerfile: " + name);
    }
    return DockerfileText.of(name, bytes);
  }

  private byte @Nullable [] read(String name, int most) throws IOException {
    RawPath path = RawPath.of(name);
    if (path.climbs()) {
      throw new Fault.Invalid("the Dockerfile (" + name + ") must be within the build context");
    }
    TarEntry entry = tree.find(Links.real(tree::find, path, true));
    if (entry == null || entry.kind() != TarEntry.Kind.FILE) {
      return null;
    }
    try (InputStream in = tree.open(path)) {
      return in.readNBytes(most);
    }
  }

  /// The files without those that an ignore file names.
  FileTree filtered(String dockerfile) throws IOException {
    byte[] rules = read(dockerfile + ".dockerignore", MAX_IGNORE);
    if (rules == null) {
      rules = read(".dockerignore", MAX_IGNORE);
    }
    return rules == null ? tree : tree.without(IgnoreRules.parse(rules));
  }

  @Override
  public void close() throws IOException {
    tree.close();
  }
}
