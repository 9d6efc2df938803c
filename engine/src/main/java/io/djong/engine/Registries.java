package io.djong.engine;

import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.registry.Credentials;
import io.djong.registry.SearchAnswer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Images that come from registries and go to them. What a call did is durable when it returns; an
/// interrupt ends it, and what has come so far is kept for the next try. Safe for use by several
/// threads.
///
/// All throw [io.djong.model.Fault.NotFound] if the registry has no such thing,
/// [io.djong.model.Fault.Denied] if it does not let us, and [io.djong.model.Fault.Failed] or
/// [io.djong.model.Fault.Unavailable] if it does not answer as it should.
public interface Registries {
  /// Brings an image here and gives it the name.
  ///
  /// @param platform which image of an index; null for this machine's
  /// @return its id
  Digest pull(
      Reference name, @Nullable Platform platform, Credentials credentials, Progress progress)
      throws IOException, InterruptedException;

  /// Brings all tags of a repository.
  void pullAll(
      Repository repository,
      @Nullable Platform platform,
      Credentials credentials,
      Progress progress)
      throws IOException, InterruptedException;

  /// Sends an image of this machine to the registry that its name tells.
  ///
  /// @return what the name there points at now
  Descriptor push(Reference.Tag name, Credentials credentials, Progress progress)
      throws IOException, InterruptedException;

  /// The tags that a repository has on this machine.
  ///
  /// @throws io.djong.model.Fault.NotFound if there are none
  List<Reference.Tag> tags(Repository repository) throws IOException;

  /// Tries credentials.
  ///
  /// @param host a registry's, as in references
  /// @return a token that stands for them from now on, if the registry gives one
  @Nullable String login(String host, Credentials credentials) throws IOException;

  /// Looks at an image without bringing it here.
  RemoteImage inspect(Reference name, Credentials credentials) throws IOException;

  /// Looks for repositories.
  ///
  /// @param term what is in their names; a host before a slash asks that registry
  /// @param limit at most so many, from 1 to 100
  List<SearchAnswer.Result> search(String term, int limit, Credentials credentials)
      throws IOException;

  /// What a name points at on a registry, and for which platforms there are images.
  record RemoteImage(Descriptor descriptor, List<Platform> platforms) {
    public RemoteImage {
      platforms = List.copyOf(platforms);
    }
  }
}
