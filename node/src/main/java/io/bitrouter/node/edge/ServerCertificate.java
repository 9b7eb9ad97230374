package io.bitrouter.node.edge;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a listener, read again when its files change. Files that cannot be used are
 * logged and the old certificate stays. Thread-safe.
 */
final class ServerCertificate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  /** When and how large the two files were. */
  private record Version(FileTime certificate, long size, FileTime key, long keySize) {}

  private final TlsFiles files;
  private final ExecutorService handshakes = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread poller;
  private volatile SslContext context;
  private Version version;

  /**
   * Reads the files and starts looking at them every {@code interval}.
   *
   * @throws IOException if they cannot be read or are not a certificate and its key
   */
  ServerCertificate(TlsFiles files, Duration interval) throws IOException {
    this.files = files;
    this.version = versionOnDisk();
    this.context = read();
    this.poller = Thread.ofVirtual().name("certificate").start(() -> poll(interval));
  }

  /** A handler for a new connection; handshakes compute on threads of their own. */
  SslHandler newHandler(ByteBufAllocator alloc, Duration handshakeTimeout) {
    SslHandler handler = context.newHandler(alloc, handshakes);
    handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
    return handler;
  }

  @Override
  public void close() {
    poller.interrupt();
    handshakes.shutdown();
  }

  private void poll(Duration interval) {
    try {
      while (true) {
        Thread.sleep(interval);
        reloadIfChanged();
      }
    } catch (InterruptedException e) {
      // close() ends it.
    }
  }

  private void reloadIfChanged() {
    try {
      Version now = versionOnDisk();
      if (now.equals(version)) {
        return;
      }
      version = now;
      context = read();
      LOG.info("read the certificate {} again", files.certificate());
    } catch (IOException e) {
      LOG.warn(
          "the certificate files have changed and cannot be used, the old certificate stays: {}",
          e.getMessage());
    }
  }

  private Version versionOnDisk() throws IOException {
    Path certificate = files.certificate();
    Path key = files.key();
    return new Version(
        Files.getLastModifiedTime(certificate),
        Files.size(certificate),
        Files.getLastModifiedTime(key),
        Files.size(key));
  }

  private SslContext read() throws IOException {
    try {
      return SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException(
          "server.tls: "
              + files.certificate()
              + " and "
              + files.key()
              + " must be PEM files with a certificate and its unencrypted PKCS #8 key: "
              + e.getMessage(),
          e);
    }
  }
}
