package io.djong.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a server proves itself with, as PEM files. When one of them changed, connections that are
/// accepted later use what it says now; while it cannot be read, they use what was read last.
///
/// @param certificate the server's, and those between it and its authority
/// @param key the certificate's, not encrypted, in PKCS #8
/// @param clientAuthorities whose certificates clients must have; null if they need none
public record TlsFiles(Path certificate, Path key, @Nullable Path clientAuthorities) {}
