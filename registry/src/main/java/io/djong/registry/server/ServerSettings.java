package io.djong.registry.server;

import io.djong.http.Listen;
import io.djong.registry.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a registry serves. Made by [ServerSettingsReader].
public final class ServerSettings {
  final Path root;
  final List<Listen> listens;
  final @Nullable Path htpasswd;
  final @Nullable TokenSettings token;
  final @Nullable List<Rule> rules;
  final boolean closed;
  final Policy policy;
  final List<Retention> retention;
  final Limits limits;
  final List<Webhook.Target> webhooks;
  final Duration grace;
  final Duration collectEvery;
  final @Nullable URI upstream;
  final Credentials upstreamUser;
  final @Nullable BucketSettings bucket;

  /// @param foreign where other issuers' keys are, by the issuers' names
  record TokenSettings(
      String issuer, String service, @Nullable String realm, Map<String, Foreign> foreign) {}

  /// @param jwks a file or an address
  /// @param authorities who may vouch for the server of an `https` address
  record Foreign(String jwks, @Nullable Path authorities) {}

  ServerSettings(
      Path root,
      List<Listen> listens,
      @Nullable Path htpasswd,
      @Nullable TokenSettings token,
      @Nullable List<Rule> rules,
      boolean closed,
      Policy policy,
      List<Retention> retention,
      Limits limits,
      List<Webhook.Target> webhooks,
      Duration grace,
      Duration collectEvery,
      @Nullable URI upstream,
      Credentials upstreamUser,
      @Nullable BucketSettings bucket) {
    this.upstreamUser = upstreamUser;
    this.bucket = bucket;
    this.root = root;
    this.listens = List.copyOf(listens);
    this.htpasswd = htpasswd;
    this.token = token;
    this.rules = rules == null ? null : List.copyOf(rules);
    this.closed = closed;
    this.policy = policy;
    this.retention = List.copyOf(retention);
    this.limits = limits;
    this.webhooks = List.copyOf(webhooks);
    this.grace = grace;
    this.collectEvery = collectEvery;
    this.upstream = upstream;
  }

  /// The folder that everything is in.
  public Path root() {
    return root;
  }

  /// The bucket that the images are in; null if they are in the folder.
  public @Nullable BucketSettings bucket() {
    return bucket;
  }
}
