package io.djong.api;

import io.avaje.jsonb.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// One file of a container, as the header `X-Docker-Container-Path-Stat` carries it. `mode` is Go's
/// `os.FileMode` number, `mtime` an RFC 3339 time, `size` in bytes.
@Json
public record PathStat(String name, long size, long mode, String mtime, String linkTarget) {
  /// The header with this record in it.
  public static final String HEADER = "X-Docker-Container-Path-Stat";

  private static final long DIRECTORY = 1L << 31;

  public boolean isDirectory() {
    return (mode & DIRECTORY) != 0;
  }

  /// Base64 of the JSON, as the header wants it.
  public String encode() {
    return Base64.getEncoder().encodeToString(io.djong.model.json.Json.full().write(this));
  }

  /// Reads the header's value.
  ///
  /// @throws io.djong.model.Fault.Invalid if it is not one
  public static PathStat decode(String header) {
    byte[] json = Base64.getDecoder().decode(header.getBytes(StandardCharsets.US_ASCII));
    return io.djong.model.json.Json.full().read(PathStat.class, json);
  }
}
