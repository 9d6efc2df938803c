package io.djong.model.spec;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter of system calls (OCI runtime specification, Seccomp).
@Json
public record Seccomp(
    String defaultAction,
    @Nullable Integer defaultErrnoRet,
    List<String> architectures,
    List<Rule> syscalls,
    List<String> flags) {

  /// All of `args` must fit for the rule to apply.
  @Json
  public record Rule(
      List<String> names, String action, @Nullable Integer errnoRet, List<Argument> args) {}

  /// Compares an argument; with `SCMP_CMP_MASKED_EQ` `value` is the mask and `valueTwo` what must
  /// be left.
  @Json
  public record Argument(int index, long value, long valueTwo, String op) {}
}
