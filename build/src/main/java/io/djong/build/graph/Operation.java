package io.djong.build.graph;

import io.djong.build.dockerfile.MountSpec;
import io.djong.model.Digest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a step does. Inputs are named by their number in the step's list. Values alone: what is
/// written here is what the cache goes by.
public sealed interface Operation {
  void define(Definition definition);

  /// A stack of layers that is here.
  record Image(List<Digest> diffIds) implements Operation {
    public Image {
      diffIds = List.copyOf(diffIds);
    }

    @Override
    public void define(Definition definition) {
      definition.add("image/1").add(diffIds.stream().map(Digest::toString).toList());
    }
  }

  /// Files that came with the build. They are known by their content alone, so what is made of them
  /// is looked up by that.
  ///
  /// @param name of the context; the main one has none
  /// @param build a word of this build's own
  record Context(String name, String build) implements Operation {
    @Override
    public void define(Definition definition) {
      definition.add("context/1").add(name).add(build);
    }
  }

  /// Files that stand in the Dockerfile.
  record Inline(Map<String, String> files, int mode) implements Operation {
    public Inline {
      files = Map.copyOf(files);
    }

    @Override
    public void define(Definition definition) {
      definition.add("inline/1").add(mode);
      new TreeMap<>(files).forEach((name, text) -> definition.add(name).add(text));
    }
  }

  /// A file or an archive elsewhere.
  record Download(String url, @Nullable String checksum) implements Operation {
    @Override
    public void define(Definition definition) {
      definition.add("download/1").add(url).add(checksum);
    }
  }

  /// A repository elsewhere.
  record Git(String url, @Nullable String checksum, boolean keepGitDir) implements Operation {
    @Override
    public void define(Definition definition) {
      definition.add("git/1").add(url).add(checksum).add(keepGitDir);
    }
  }

  /// A folder on top of the tree of input 0, if it is missing.
  record MakeFolder(String path) implements Operation {
    @Override
    public void define(Definition definition) {
      definition.add("folder/1").add(path);
    }
  }

  /// Files of other inputs on top of the tree of input 0, or by themselves where they are linked.
  ///
  /// @param optional whether files that are not there are passed over
  record Copy(
      List<Source> sources,
      String destination,
      @Nullable String owner,
      @Nullable String mode,
      boolean link,
      boolean parents,
      List<String> exclude,
      boolean optional)
      implements Operation {
    public Copy {
      sources = List.copyOf(sources);
      exclude = List.copyOf(exclude);
    }

    @Override
    public void define(Definition definition) {
      definition.add("copy/1").add(destination).add(owner).add(mode).add(link).add(parents);
      definition.add(exclude).add((long) sources.size());
      for (Source source : sources) {
        definition.add((long) source.input()).add(source.patterns()).add(source.unpack());
        definition.add(source.name());
      }
      if (optional) {
        definition.add("optional");
      }
    }
  }

  /// Some files of one input.
  ///
  /// @param unpack whether archives are unpacked
  /// @param name what a single file that has no name of its own is called
  record Source(int input, List<String> patterns, boolean unpack, @Nullable String name) {
    public Source {
      patterns = List.copyOf(patterns);
    }
  }

  /// A command on the tree of input 0.
  record Run(
      List<String> args,
      List<String> env,
      String workingDir,
      String user,
      List<RunMount> mounts,
      String network,
      boolean insecure,
      List<String> extraHosts)
      implements Operation {
    public Run {
      args = List.copyOf(args);
      env = List.copyOf(env);
      mounts = List.copyOf(mounts);
      extraHosts = List.copyOf(extraHosts);
    }

    @Override
    public void define(Definition definition) {
      definition.add("run/1").add(args).add(env).add(workingDir).add(user).add(network);
      definition.add(insecure).add(extraHosts).add((long) mounts.size());
      for (RunMount mount : mounts) {
        definition.add(mount.spec().type().name()).add((long) mount.input());
        new TreeMap<>(mount.spec().values()).forEach((k, v) -> definition.add(k).add(v));
      }
    }
  }

  /// @param input where the files come from; -1 for none
  record RunMount(MountSpec spec, int input) {}
}
