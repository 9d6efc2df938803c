package io.djong.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What our own command line asks of a build beyond Docker's parameters: base64 of its JSON in the
/// header [#HEADER], which is in no log.
///
/// @param dockerfile the Dockerfile, base64, where it is not in the context
/// @param secrets base64, by their ids
/// @param ssh paths of sockets on the engine's machine, by their ids
/// @param report whether the last message tells of each step
/// @param check whether the Dockerfile is only looked at
/// @param events whether the answer tells of steps as they go on ([BuildEvent]), in place of text
/// @param contexts what names stand for: `image:REFERENCE`, `url:URL`, or `part:FOLDER` of what is
///   sent
/// @param inlineCache whether the image tells what its layers are the results of
/// @param cacheTo names of images that will hold the results of all steps
/// @param mountsFrom those of the query's `cachefrom` whose cache mounts are taken too
/// @param mountsTo those of `cacheTo` that get what lies in cache mounts too
/// @param contextLease of a [ContextOffer] where the context is only what is missing
@Json
public record BuildExtras(
    @Nullable String dockerfile,
    Map<String, String> secrets,
    Map<String, String> ssh,
    boolean report,
    boolean check,
    boolean events,
    Map<String, String> contexts,
    boolean inlineCache,
    List<String> cacheTo,
    List<String> mountsFrom,
    List<String> mountsTo,
    @Nullable String contextLease) {
  public static final String HEADER = "X-Djong-Build";

  public static final BuildExtras NONE =
      new BuildExtras(
          null, Map.of(), Map.of(), false, false, false, Map.of(), false, List.of(), List.of(),
          List.of(), null);

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public BuildExtras {
    secrets = secrets == null ? Map.of() : secrets;
    ssh = ssh == null ? Map.of() : ssh;
    contexts = contexts == null ? Map.of() : contexts;
    cacheTo = cacheTo == null ? List.of() : cacheTo;
    mountsFrom = mountsFrom == null ? List.of() : mountsFrom;
    mountsTo = mountsTo == null ? List.of() : mountsTo;
  }

  /// Never with the secrets.
  @Override
  public String toString() {
    return "BuildExtras[" + secrets.size() + " secrets]";
  }
}
