package io.djong.build;

import io.djong.model.Platform;
import io.djong.model.Reference;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be built, and how.
///
/// @param context where the files come from
/// @param dockerfile its path in the context
/// @param dockerfileText the Dockerfile itself where it is not in the context
/// @param names what the image is called
/// @param buildArgs values for ARG; null takes the one of the environment, which a server has not
/// @param target the stage to build; null is the last
/// @param secrets by their ids; never kept
/// @param ssh sockets by their ids
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record BuildRequest(
    Context context,
    String dockerfile,
    byte @Nullable [] dockerfileText,
    List<Reference.Tag> names,
    Map<String, String> buildArgs,
    Map<String, String> labels,
    @Nullable String target,
    boolean noCache,
    boolean pull,
    boolean squash,
    @Nullable Platform platform,
    StepSurroundings surroundings,
    Map<String, byte[]> secrets,
    Map<String, String> ssh) {

  /// Where files come from.
  public sealed interface Context {
    /// An archive as it arrives: plain, or packed as gzip or zstd.
    record Tar(InputStream stream) implements Context {}

    /// No files at all.
    record None() implements Context {}

    /// A repository, an archive or a Dockerfile elsewhere.
    record Remote(String url) implements Context {}
  }

  /// What steps run in besides what the Dockerfile says.
  ///
  /// @param network the name of a network, `default`, `none` or `host`
  /// @param extraHosts `name:address`
  /// @param limits properties of Docker's `HostConfig` by their names
  public record StepSurroundings(
      String network, List<String> extraHosts, Map<String, Object> limits) {
    public static final StepSurroundings NONE =
        new StepSurroundings("default", List.of(), Map.of());
  }
}
