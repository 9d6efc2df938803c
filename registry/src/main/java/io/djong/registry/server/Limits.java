package io.djong.registry.server;

/// What clients may take. A manifest's 4 MiB are the specification's and do not change.
///
/// @param running requests that are answered at a time; further ones are refused with 429
/// @param requestsPerSecond of one address; 0 for no limit
/// @param blob the most bytes of one blob
record Limits(int running, double requestsPerSecond, long blob) {
  static final Limits DEFAULT = new Limits(2000, 0, 100L << 30);
}
