package io.djong.daemon.route;

/// What the daemon calls itself.
public record Product(String name, String version, String commit, String built) {}
