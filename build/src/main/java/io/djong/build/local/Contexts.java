package io.djong.build.local;

import io.djong.build.BuildRequest;
import io.djong.build.BuildRequest.Context;
import io.djong.build.BuildRequest.NamedContext;
import io.djong.build.context.FileTree;
import io.djong.build.context.KeptFiles;
import io.djong.build.context.Links;
import io.djong.build.context.PackedTree;
import io.djong.build.context.TreePacker;
import io.djong.build.dockerfile.DockerfileText;
import io.djong.build.remote.RemoteSources;
import io.djong.content.Compression;
import io.djong.content.tar.TarEntry;
import io.djong.model.Fault;
import io.djong.model.RawPath;
import io.djong.model.ignore.IgnoreRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files that came with a build. For one build.
final class Contexts implements AutoCloseable {
  private static final int MAX_IGNORE = 4 << 20;

  private final PackedTree whole;

  /// The main context: all that is no other's.
  private final PackedTree tree;

  private final Map<String, FileTree> named;

  private Contexts(PackedTree whole, PackedTree tree, Map<String, FileTree> named) {
    this.whole = whole;
    this.tree = tree;
    this.named = named;
  }

  /// Reads all of the contexts.
  ///
  /// @throws Fault.Invalid if one is damaged
  static Contexts receive(BuildRequest request, Path scratch, RemoteSources remotes, KeptFiles kept)
      throws IOException, InterruptedException {
    PackedTree whole = main(request, scratch, remotes, kept);
    Map<String, FileTree> named = new HashMap<>();
    PackedTree tree = whole;
    boolean done = false;
    try {
      for (Map.Entry<String, NamedContext> each : request.contexts().entrySet()) {
        switch (each.getValue()) {
          case NamedContext.Image _ -> {}
          case NamedContext.Remote(String url) ->
              named.put(each.getKey(), remotes.context(url, "Dockerfile"));
          case NamedContext.Part(String folder) -> {
            named.put(each.getKey(), whole.below(RawPath.of(folder)));
            tree = tree.without(RawPath.of(folder));
          }
        }
      }
      done = true;
      return new Contexts(whole, tree, named);
    } finally {
      if (!done) {
        new Contexts(whole, tree, named).close();
      }
    }
  }

  private static PackedTree main(
      BuildRequest request, Path scratch, RemoteSources remotes, KeptFiles kept)
      throws IOException, InterruptedException {
    return switch (request.context()) {
      case Context.Remote(String url) -> remotes.context(url, dockerfile(request));
      case Context.None() -> {
        try (TreePacker packer = new TreePacker(scratch)) {
          yield packer.finish();
        }
      }
      case Context.Tar(InputStream stream) -> {
        try (TreePacker packer = new TreePacker(scratch);
            InputStream tar = Compression.inflate(stream, Compression.Limits.LAYER)) {
          packer.addTar(tar);
          yield packer.finish();
        }
      }
      case Context.Rest(InputStream stream, String lease) -> {
        try (InputStream tar = Compression.inflate(stream, Compression.Limits.LAYER)) {
          yield kept.receive(tar, lease);
        }
      }
    };
  }

  private static String dockerfile(BuildRequest request) {
    return request.dockerfile().isEmpty() ? "Dockerfile" : request.dockerfile();
  }

  /// The Dockerfile, wherever it is.
  ///
  /// @throws Fault.Invalid in Docker's words if it is nowhere
  DockerfileText dockerfileText(BuildRequest request) throws IOException {
    byte[] given = request.dockerfileText();
    String name = dockerfile(request);
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

  /// A file that a Dockerfile includes; null if there is none.
  byte @Nullable [] dockerfilePart(String path) throws IOException {
    return read(path, DockerfileText.MAX_BYTES + 1);
  }

  /// A file of the main context; null if there is none of that name.
  byte @Nullable [] read(String name, int most) throws IOException {
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

  /// What the ignore file of a Dockerfile says.
  IgnoreRules ignored(String dockerfile) throws IOException {
    byte[] rules = read(dockerfile + ".dockerignore", MAX_IGNORE);
    if (rules == null) {
      rules = read(".dockerignore", MAX_IGNORE);
    }
    return rules == null ? IgnoreRules.NONE : IgnoreRules.parse(rules);
  }

  /// The files by the names of their contexts; those of the main one, which has none, without what
  /// is ignored.
  Map<String, FileTree> trees(IgnoreRules ignored) {
    Map<String, FileTree> all = new HashMap<>(named);
    all.put("", tree.without(ignored));
    return all;
  }

  @Override
  public void close() throws IOException {
    try {
      for (FileTree each : named.values()) {
        each.close();
      }
    } finally {
      whole.close();
    }
  }
}
