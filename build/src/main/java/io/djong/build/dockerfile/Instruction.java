package io.djong.build.dockerfile;

import io.djong.model.RunConfig.Healthcheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One instruction as it was written: variables are still names.
public sealed interface Instruction {
  Place place();

  record From(Place place, String image, @Nullable String name, @Nullable String platform)
      implements Instruction {}

  /// @param network default, none or host
  /// @param security sandbox or insecure
  record Run(
      Place place,
      CommandLine command,
      List<Heredoc> heredocs,
      List<MountSpec> mounts,
      String network,
      String security)
      implements Instruction {}

  /// COPY, or ADD, which also takes URLs and unpacks archives.
  ///
  /// @param sources words; a heredoc is announced by its word
  record Copy(
      Place place,
      boolean add,
      List<String> sources,
      String destination,
      List<Heredoc> heredocs,
      CopyFlags flags)
      implements Instruction {}

  /// What COPY and ADD can be told. Null is not said.
  ///
  /// @param unpack whether archives are unpacked
  record CopyFlags(
      @Nullable String from,
      @Nullable String owner,
      @Nullable String mode,
      boolean link,
      boolean parents,
      List<String> exclude,
      @Nullable String checksum,
      boolean keepGitDir,
      @Nullable Boolean unpack,
      boolean ifExists) {}

  record Cmd(Place place, CommandLine command) implements Instruction {}

  record Entrypoint(Place place, CommandLine command) implements Instruction {}

  record Shell(Place place, List<String> words) implements Instruction {}

  record Env(Place place, List<Pair> pairs) implements Instruction {}

  record Label(Place place, List<Pair> pairs) implements Instruction {}

  /// A name and a value. `old` is the form `NAME the rest`, in which quotes are text.
  record Pair(String name, String value, boolean old) {}

  /// @param value null if none is given
  record ArgWord(String name, @Nullable String value) {}

  record Arg(Place place, List<ArgWord> words) implements Instruction {}

  record Expose(Place place, List<String> ports) implements Instruction {}

  record Volume(Place place, List<String> paths) implements Instruction {}

  record User(Place place, String user) implements Instruction {}

  record Workdir(Place place, String path) implements Instruction {}

  record StopSignal(Place place, String signal) implements Instruction {}

  record Maintainer(Place place, String name) implements Instruction {}

  record Health(Place place, Healthcheck check) implements Instruction {}

  /// @param trigger an instruction, as it is to stand in the Dockerfile of the image above
  record OnBuild(Place place, String trigger) implements Instruction {}
}
