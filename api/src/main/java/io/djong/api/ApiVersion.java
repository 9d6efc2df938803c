package io.djong.api;

import io.djong.model.Fault;

/// A version of the Engine API, as clients name it in the path: `1.51`.
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /// The newest this engine speaks; what a request without a version gets.
  public static final ApiVersion NEWEST = new ApiVersion(1, 51);

  /// The oldest this engine speaks.
  public static final ApiVersion OLDEST = new ApiVersion(1, 24);

  /// Reads `1.51`.
  ///
  /// @throws Fault.Invalid if the text is not a version
  public static ApiVersion parse(String text) {
    int dot = text.indexOf('.');
    try {
      return new ApiVersion(
          Integer.parseInt(text.substring(0, Math.max(dot, 0))),
          Integer.parseInt(text.substring(dot + 1)));
    } catch (NumberFormatException e) {
      throw new Fault.Invalid("invalid API version \"" + text + "\": want major.minor", e);
    }
  }

  /// @throws Fault.Invalid in Docker's words if this engine does not speak it
  public void requireSpoken() {
    if (compareTo(OLDEST) < 0) {
      throw new Fault.Invalid(
          "client version "
              + this
              + " is too old. Minimum supported API version is "
              + OLDEST
              + ", please upgrade your client to a newer version");
    }
    if (compareTo(NEWEST) > 0) {
      throw new Fault.Invalid(
          "client version " + this + " is too new. Maximum supported API version is " + NEWEST);
    }
  }

  public boolean before(int otherMajor, int otherMinor) {
    return compareTo(new ApiVersion(otherMajor, otherMinor)) < 0;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
