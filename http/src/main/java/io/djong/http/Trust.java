package io.djong.http;

import io.djong.model.Fault;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Which servers are believed to be who they say they are, and who we say we are. Immutable.
public final class Trust {
  /// What Debian's ca-certificates, and most other systems, keep their authorities in.
  private static final Path SYSTEM = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private final SSLContext context;
  private final boolean anyServer;

  private Trust(SSLContext context, boolean anyServer) {
    this.context = context;
    this.anyServer = anyServer;
  }

  /// A certificate with its chain, and its key in PKCS#8 without a password; both files are PEM.
  public record Identity(Path certificate, Path key) {}

  /// Trusts the system's authorities, the JDK's, and those in these PEM files.
  ///
  /// @param identity what is shown to servers that ask; null shows nothing
  /// @throws Fault.Invalid if a file is not what it must be
  public static Trust of(List<Path> authorities, @Nullable Identity identity) throws IOException {
    try {
      Set<X509Certificate> all = new LinkedHashSet<>(jdk());
      if (Files.isReadable(SYSTEM)) {
        all.addAll(read(SYSTEM));
      }
      for (Path file : authorities) {
        all.addAll(read(file));
      }
      return new Trust(context(builder().trustManager(all), identity), false);
    } catch (GeneralSecurityException e) {
      throw new IOException("reading what is trusted", e);
    }
  }

  /// Believes every server. For registries whose owner said that they are insecure.
  public static Trust anybody(@Nullable Identity identity) throws IOException {
    return new Trust(
        context(
            builder().trustManager(io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE),
            identity),
        true);
  }

  /// For connections that are made with it.
  public SSLContext context() {
    return context;
  }

  /// Whether the server's name does not have to be that of its certificate.
  public boolean anyServer() {
    return anyServer;
  }

  private static SslContextBuilder builder() {
    return SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
  }

  private static SSLContext context(SslContextBuilder builder, @Nullable Identity identity)
      throws IOException {
    if (identity != null) {
      try {
        builder.keyManager(identity.certificate().toFile(), identity.key().toFile());
      } catch (IllegalArgumentException e) {
        throw new Fault.Invalid(
            "the client certificate "
                + identity.certificate()
                + " or its key "
                + identity.key()
                + " cannot be read: want PEM, and the key in PKCS#8 without a password (openssl pkcs8"
                + " -topk8 -nocrypt)",
            e);
      }
    }
    try {
      if (builder.build() instanceof JdkSslContext built) {
        return built.context();
      }
      throw new IllegalStateException("another TLS provider than the JDK's");
    } catch (SSLException e) {
      throw new Fault.Invalid("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> jdk() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    List<X509Certificate> all = new ArrayList<>();
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509TrustManager manager) {
        all.addAll(List.of(manager.getAcceptedIssuers()));
      }
    }
    return all;
  }

  private static List<X509Certificate> read(Path file) throws IOException {
    List<X509Certificate> all = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        all.add((X509Certificate) each);
      }
    } catch (GeneralSecurityException e) {
      throw new Fault.Invalid(file + " holds no certificates in PEM", e);
    }
    return all;
  }
}
