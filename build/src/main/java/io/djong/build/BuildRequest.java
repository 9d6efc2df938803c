package io.djong.build;

import io.djong.model.Platform;
import io.djong.model.Reference;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to be built, and how.
///
/// @param context where the files come from
/// @param dockerfile its path in the context
/// @param dockerfileText the Dockerfile itself where it is not in the context
/// @param names what the image is called
/// @param buildArgs values for ARG; null takes the one of the environment, which a server has not
/// @param target the stage to build; null is the last
/// @param squash whether what the last stage made becomes one layer
/// @param secrets by their ids; never kept
/// @param ssh sockets by their ids
/// @param contexts more places of files, and what is meant by the names of images, by name
/// @param logins who one is to registries, by their hosts
/// @param caching where results may come from besides the own cache, and where they go
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
    Map<String, String> ssh,
    Map<String, NamedContext> contexts,
    Map<String, Login> logins,
    Caching caching) {

  /// Where files come from.
  public sealed interface Context {
    /// An archive as it arrives: plain, or packed as gzip, zstd, xz or bzip2.
    record Tar(InputStream stream) implements Context {}

    /// An archive of what is not kept from earlier builds. Its first entry, of whatever name, is a
    /// file that tells of the others: for each one `DIGEST MODE UID GID SECONDS NANOS PATH` and a
    /// NUL.
    ///
    /// @param lease of a [Builder.ContextOffer]
    record Rest(InputStream stream, String lease) implements Context {}

    /// No files at all.
    record None() implements Context {}

    /// A repository, an archive or a Dockerfile elsewhere.
    record Remote(String url) implements Context {}
  }

  /// What a name stands for that `--from` or FROM may use.
  public sealed interface NamedContext {
    /// An image.
    record Image(String name) implements NamedContext {}

    /// A repository, or an archive behind a URL.
    record Remote(String url) implements NamedContext {}

    /// A folder of the main context, which is hidden there.
    record Part(String folder) implements NamedContext {}
  }

  /// Who one is to a registry. A secret. Empty fields say nothing.
  public record Login(String user, String password, String identityToken, String registryToken) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /// Results that come from elsewhere and go elsewhere.
  ///
  /// @param from images that hold results of builds; those that are not there are passed over
  /// @param inline whether the image tells what its layers are the results of
  /// @param to names of images that will hold the results of all steps
  /// @param mountsFrom those of `from` whose cache mounts are taken too
  /// @param mountsTo those of `to` that get what lies in the build's cache mounts too
  public record Caching(
      List<String> from,
      boolean inline,
      List<Reference.Tag> to,
      Set<String> mountsFrom,
      Set<Reference.Tag> mountsTo) {
    /// The label of an image in which it tells.
    public static final String LABEL = "io.djong.build.cache";

    /// The label of an image that tells which of its layers are cache mounts: a JSON object of
    /// diffIDs by the ids of the mounts.
    public static final String MOUNTS_LABEL = "io.djong.build.cache.mounts";

    public static final Caching NONE = new Caching(List.of(), false, List.of(), Set.of(), Set.of());

    public Caching {
      from = List.copyOf(from);
      to = List.copyOf(to);
      mountsFrom = Set.copyOf(mountsFrom);
      mountsTo = Set.copyOf(mountsTo);
    }
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
