package io.djong.model.spec;

import io.avaje.jsonb.Json;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One process in a container: its first one, or one more (OCI runtime specification, Process).
@Json
public record ProcessSpec(
    boolean terminal,
    @Nullable ConsoleSize consoleSize,
    User user,
    List<String> args,
    List<String> env,
    String cwd,
    @Nullable Capabilities capabilities,
    List<Rlimit> rlimits,
    boolean noNewPrivileges,
    @Nullable Integer oomScoreAdj) {

  /// In characters.
  @Json
  public record ConsoleSize(int height, int width) {}

  /// Numbers only: names are looked up before, never by the runtime.
  @Json
  public record User(long uid, long gid, List<Long> additionalGids) {}

  /// Names with `CAP_`.
  @Json
  public record Capabilities(
      List<String> bounding,
      List<String> effective,
      List<String> inheritable,
      List<String> permitted,
      List<String> ambient) {}

  /// `type` is `RLIMIT_NOFILE` or its like; numbers are unsigned 64-bit ones.
  @Json
  public record Rlimit(String type, BigInteger hard, BigInteger soft) {}
}
