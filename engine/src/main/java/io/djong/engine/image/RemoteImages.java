package io.djong.engine.image;

import io.djong.content.ImageCopy;
import io.djong.content.ImageNames.Named;
import io.djong.content.VerifiedInput;
import io.djong.engine.Registries;
import io.djong.model.Descriptor;
import io.djong.model.Digest;
import io.djong.model.Document;
import io.djong.model.Fault;
import io.djong.model.ImageConfig;
import io.djong.model.Manifest;
import io.djong.model.MediaType;
import io.djong.model.Platform;
import io.djong.model.Progress;
import io.djong.model.Reference;
import io.djong.model.Reference.Repository;
import io.djong.model.json.Json;
import io.djong.registry.Credentials;
import io.djong.registry.SearchAnswer;
import io.djong.registry.client.RegistryClient;
import io.djong.registry.client.RegistrySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Images on registries, and their ways from there and to there.
final class RemoteImages implements Registries {
  private final Pulling.Parts parts;
  private final RegistryClient client;
  private final Pulling pulling;
  private final Pushing pushing;

  RemoteImages(Pulling.Parts parts, RegistryClient client) {
    this.parts = parts;
    this.client = client;
    this.pulling = new Pulling(parts, client);
    this.pushing = new Pushing(parts, client);
  }

  @Override
  public Digest pull(
      Reference name, @Nullable Platform platform, Credentials credentials, Progress progress)
      throws IOException, InterruptedException {
    return pulling.pull(name, platform, credentials, progress);
  }

  @Override
  public void pullAll(
      Repository repository,
      @Nullable Platform platform,
      Credentials credentials,
      Progress progress)
      throws IOException, InterruptedException {
    List<String> tags;
    try {
      tags = client.source(repository.host(), credentials).tags(repository);
    } catch (Fault.Denied e) {
      throw new Fault.NotFound(
          "pull access denied for "
              + repository.familiar()
              + ", repository does not exist or may require 'docker login': "
              + e.getMessage());
    }
    for (String tag : tags) {
      pulling.pull(new Reference.Tag(repository, tag), platform, credentials, progress);
    }
  }

  @Override
  public Descriptor push(Reference.Tag name, Credentials credentials, Progress progress)
      throws IOException, InterruptedException {
    return pushing.push(name, credentials, progress);
  }

  @Override
  public List<Reference.Tag> tags(Repository repository) throws IOException {
    List<Reference.Tag> all = new ArrayList<>();
    for (Named named : parts.names().list()) {
      if (named.name() instanceof Reference.Tag tag && tag.repository().equals(repository)) {
        all.add(tag);
      }
    }
    if (all.isEmpty()) {
      throw new Fault.NotFound(
          "An image does not exist locally with the tag: " + repository.familiar());
    }
    return all;
  }

  @Override
  public @Nullable String login(String host, Credentials credentials) throws IOException {
    return client.login(host, credentials);
  }

  @Override
  public RemoteImage inspect(Reference name, Credentials credentials) throws IOException {
    RegistrySource source = client.source(name.repository().host(), credentials);
    Document<Manifest> top = source.resolve(name);
    List<Platform> platforms = new ArrayList<>();
    switch (top.value()) {
      case Manifest.Image image -> platforms.add(platform(source, name.repository(), image));
      case Manifest.Index index -> {
        for (Descriptor each : index.manifests()) {
          if (each.platform() != null) {
            platforms.add(each.platform());
          }
        }
      }
    }
    return new RemoteImage(top.descriptor(), platforms);
  }

  private static Platform platform(
      RegistrySource source, Repository repository, Manifest.Image image) throws IOException {
    Descriptor config = image.config();
    String type = config.mediaType();
    if (!type.equals(MediaType.OCI_CONFIG) && !type.equals(MediaType.DOCKER_CONFIG)) {
      return new Platform("", "", null, null);
    }
    byte[] bytes =
        VerifiedInput.readAll(source.open(repository, config), config, ImageCopy.MAX_CONFIG_BYTES);
    ImageConfig read = Json.lean().read(ImageConfig.class, bytes);
    return new Platform(read.architecture(), read.os(), read.osVersion(), read.variant());
  }

  @Override
  public List<SearchAnswer.Result> search(String term, int limit, Credentials credentials)
      throws IOException {
    int slash = term.indexOf('/');
    String first = slash < 0 ? "" : term.substring(0, slash);
    boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    return client
        .search(
            host ? first : "index.docker.io",
            host ? term.substring(slash + 1) : term,
            limit,
            credentials)
        .results();
  }
}
