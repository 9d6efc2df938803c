package io.djong.api;

import io.avaje.jsonb.Json;
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
@Json
public record BuildExtras(
    @Nullable String dockerfile,
    Map<String, String> secrets,
    Map<String, String> ssh,
    boolean report,
    boolean check) {
  public static final String HEADER = "X-Djong-Build";

  @SuppressWarnings("ConstantValue") // The JSON reader leaves out what the document left out.
  public BuildExtras {
    secrets = secrets == null ? Map.of() : secrets;
    ssh = ssh == null ? Map.of() : ssh;
  }

  /// Never with the secrets.
  @Override
  public String toString() {
    return "BuildExtras[" + secrets.size() + " secrets]";
  }
}
