package io.djong.http.netty;

import io.djong.http.TlsFiles;
import io.djong.model.Fault;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// TLS out of files that may change. For the event loop alone.
final class Tls {
  private static final Logger LOG = System.getLogger("io.djong.http");
  private static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(1);
  private static final long HANDSHAKE_SECONDS = 15;

  private final TlsFiles files;
  private SslContext context;
  private List<FileTime> read;
  private long looked = System.nanoTime();

  /// @throws Fault.Invalid if the files are not what they must be
  Tls(TlsFiles files) throws IOException {
    this.files = files;
    this.read = times();
    try {
      this.context = load();
    } catch (IOException | IllegalArgumentException e) {
      throw new Fault.Invalid(
          "TLS needs PEM files: certificate "
              + files.certificate()
              + ", key in PKCS #8 "
              + files.key()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  SslHandler handler(ByteBufAllocator allocator) {
    refresh();
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    return handler;
  }

  /// The common name of the client's certificate, which was checked; null if it has none.
  static @Nullable String name(SslHandler handler) {
    try {
      if (handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate own) {
        String subject = own.getSubjectX500Principal().getName();
        for (String part : subject.split(",", -1)) {
          if (part.startsWith("CN=")) {
            return part.substring(3);
          }
        }
      }
      return null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }

  private void refresh() {
    if (System.nanoTime() - looked < LOOK_EVERY) {
      return;
    }
    looked = System.nanoTime();
    try {
      List<FileTime> now = times();
      if (!now.equals(read)) {
        context = load();
        read = now;
        LOG.log(Level.INFO, "read the certificate " + files.certificate() + " again");
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "the certificate changed and cannot be read; the old one serves", e);
    }
  }

  private List<FileTime> times() throws IOException {
    List<FileTime> times = new ArrayList<>();
    times.add(Files.getLastModifiedTime(files.certificate()));
    times.add(Files.getLastModifiedTime(files.key()));
    Path authorities = files.clientAuthorities();
    if (authorities != null) {
      times.add(Files.getLastModifiedTime(authorities));
    }
    return times;
  }

  private SslContext load() throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
    Path authorities = files.clientAuthorities();
    if (authorities != null) {
      builder.trustManager(authorities.toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
  }
}
