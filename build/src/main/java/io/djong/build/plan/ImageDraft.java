package io.djong.build.plan;

import io.djong.build.BuildRequest.Caching;
import io.djong.build.ImageSupply;
import io.djong.build.graph.Step;
import io.djong.model.Digest;
import io.djong.model.ImageConfig;
import io.djong.model.Platform;
import io.djong.model.RunConfig;
import io.djong.model.RunConfig.Healthcheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An image while it grows instruction by instruction: its config, its history, and the step whose
/// result is its tree. For one thread.
final class ImageDraft {
  static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private final Platform platform;
  private final @Nullable Digest base;
  final Map<String, String> env = new LinkedHashMap<>();
  final Map<String, String> labels = new TreeMap<>();
  final Map<String, Object> ports = new TreeMap<>();
  final Map<String, Object> volumes = new TreeMap<>();
  final List<String> onBuild = new ArrayList<>();
  final List<HistoryLine> history = new ArrayList<>();
  @Nullable String author;
  @Nullable String user;
  @Nullable List<String> entrypoint;
  @Nullable List<String> cmd;
  @Nullable String workingDir;
  @Nullable String stopSignal;
  @Nullable Integer stopTimeout;
  @Nullable Healthcheck health;
  @Nullable List<String> shell;
  Step tree;

  /// Whether CMD was said in this very stage: an ENTRYPOINT then leaves it alone.
  boolean ownCmd;

  private ImageDraft(Platform platform, @Nullable Digest base, Step tree) {
    this.platform = platform;
    this.base = base;
    this.tree = tree;
  }

  static ImageDraft empty(Platform platform, Step tree) {
    return new ImageDraft(platform, null, tree);
  }

  static ImageDraft of(ImageSupply.Found found, Step tree) {
    ImageConfig image = found.config();
    ImageDraft draft = new ImageDraft(image.platform(), found.id(), tree);
    RunConfig run = image.config() == null ? RunConfig.EMPTY : image.config();
    draft.take(run);
    draft.labels.remove(Caching.LABEL);
    draft.labels.remove(Caching.MOUNTS_LABEL);
    draft.author = image.author();
    for (ImageConfig.History entry : image.history()) {
      draft.history.add(new HistoryLine(entry, false));
    }
    return draft;
  }

  private void take(RunConfig run) {
    for (String variable : run.env()) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        env.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    labels.putAll(run.labels());
    ports.putAll(run.exposedPorts());
    volumes.putAll(run.volumes());
    List<String> triggers = run.onBuild();
    onBuild.addAll(triggers == null ? List.of() : triggers);
    user = run.user();
    entrypoint = run.entrypoint();
    cmd = run.cmd();
    workingDir = run.workingDir();
    stopSignal = run.stopSignal();
    stopTimeout = run.stopTimeout();
    health = run.healthcheck();
    shell = run.shell();
  }

  /// What another stage that stands on this one begins with.
  ImageDraft next() {
    ImageDraft draft = new ImageDraft(platform, base, tree);
    draft.take(config());
    draft.author = author;
    draft.history.addAll(history);
    return draft;
  }

  List<String> shell() {
    List<String> own = shell;
    return own == null || own.isEmpty() ? DEFAULT_SHELL : own;
  }

  String workingDir() {
    String own = workingDir;
    return own == null || own.isEmpty() ? "/" : own;
  }

  /// The image that it stands on in the end; null if it is none.
  @Nullable Digest base() {
    return base;
  }

  Platform platform() {
    return platform;
  }

  RunConfig config() {
    return new RunConfig(
        user,
        ports,
        env.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList(),
        entrypoint,
        cmd,
        volumes,
        workingDir,
        labels,
        stopSignal,
        stopTimeout,
        health,
        false,
        onBuild.isEmpty() ? null : List.copyOf(onBuild),
        shell);
  }
}
