package io.djong.daemon.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.djong.engine.Registries;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Fault;
import io.djong.model.MediaType;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.registry.Credentials;
import io.djong.registry.SearchAnswer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A registry that has everything, and remembers who asked for what.
final class FakeRegistries implements Registries {
  static final Descriptor MANIFEST =
      Descriptor.of(MediaType.OCI_MANIFEST, Digest.of("manifest".getBytes(UTF_8)), 8);

  final List<String> asked = new CopyOnWriteArrayList<>();

  private void note(String what, Credentials credentials) {
    String who =
        credentials instanceof Credentials.Password(String user, String password)
            ? user + ":" + password
            : credentials.toString();
    asked.add(what + " as " + who);
  }

  @Override
  public Digest pull(
      Reference name, @Nullable Platform platform, Credentials credentials, Progress progress) {
    note("pull " + name + " for " + platform, credentials);
    if (name.repository().path().endsWith("nosuch")) {
      throw new Fault.NotFound("pull access denied for " + name.repository().familiar());
    }
    progress.say("latest", "Pulling from " + name.repository().path());
    progress.say("0123456789ab", "Pull complete");
    return FakeEngine.IMAGE;
  }

  @Override
  public void pullAll(
      Repository repository,
      @Nullable Platform platform,
      Credentials credentials,
      Progress progress) {
    note("pull all " + repository, credentials);
    progress.say("Status: done");
  }

  @Override
  public Descriptor push(Reference.Tag name, Credentials credentials, Progress progress) {
    note("push " + name, credentials);
    progress.say("The push refers to repository [" + name.repository() + "]");
    return MANIFEST;
  }

  @Override
  public List<Reference.Tag> tags(Repository repository) {
    return List.of(new Reference.Tag(repository, "a"), new Reference.Tag(repository, "b"));
  }

  @Override
  public @Nullable String login(String host, Credentials credentials) {
    note("login " + host, credentials);
    if (credentials instanceof Credentials.Password(_, String password)
        && password.equals("wrong")) {
      throw new Fault.Denied("unauthorized: authentication required");
    }
    return null;
  }

  @Override
  public RemoteImage inspect(Reference name, Credentials credentials) {
    note("inspect " + name, credentials);
    return new RemoteImage(MANIFEST, List.of(Platform.of("linux", "amd64")));
  }

  @Override
  public List<SearchAnswer.Result> search(String term, int limit, Credentials credentials) {
    note("search " + term + " " + limit, credentials);
    return List.of(
        new SearchAnswer.Result("busybox", "tools", 3, true, false),
        new SearchAnswer.Result("other", "", 1, false, false));
  }
}
