package io.bitrouter.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An nginx of ours on loopback, with a folder of its own; in the foreground, ended by us. */
final class Nginx implements AutoCloseable {

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Where {@code program} is, on the path or among the system's own programs. */
  static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** One that returns {@code body} at once. */
  static Nginx returning(Path folder, String body) throws IOException {
    return start(
        folder, "location / { default_type application/json; return 200 '" + body + "'; }", "");
  }

  /** One that passes everything on to a port. */
  static Nginx before(Path folder, int upstreamPort) throws IOException {
    return start(
        folder,
        """
        location / {
          proxy_pass http://behind;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_buffering off;
        }
        """,
        "upstream behind { server 127.0.0.1:" + upstreamPort + "; keepalive 128; }");
  }

  int port() {
    return port;
  }

  /** CPU time of all its processes so far, microseconds. */
  long cpuMicros() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToLong(one -> new ProcessMeter(one.pid()).cpuMicros())
        .sum();
  }

  /** Memory of all its processes, MB. */
  long rssMegabytes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToLong(one -> new ProcessMeter(one.pid()).rssMegabytes())
        .sum();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Nginx start(Path folder, String location, String upstream) throws IOException {
    Files.createDirectories(folder.resolve("temp"));
    int port = freePort();
    String configuration =
        """
        worker_processes 2;
        daemon off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path %1$s/temp/body;
          proxy_temp_path %1$s/temp/proxy;
          fastcgi_temp_path %1$s/temp/fastcgi;
          uwsgi_temp_path %1$s/temp/uwsgi;
          scgi_temp_path %1$s/temp/scgi;
          %4$s
          server {
            listen 127.0.0.1:%2$d;
            %3$s
          }
        }
        """
            .formatted(folder, port, location, upstream);
    if (System.getProperty("user.name").equals("root")) {
      configuration = "user root;\n" + configuration;
    }
    Files.writeString(folder.resolve("nginx.conf"), configuration, StandardCharsets.US_ASCII);
    Process process =
        new ProcessBuilder(
                find("nginx").orElseThrow().toString(),
                "-p",
                folder.toString(),
                "-c",
                folder.resolve("nginx.conf").toString(),
                "-e",
                folder.resolve("error.log").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    awaitPort(process, port, folder);
    return new Nginx(process, port);
  }

  private static void awaitPort(Process process, int port, Path folder) throws IOException {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
    }
    process.destroy();
    throw new IOException("nginx did not start: " + Files.readString(folder.resolve("out")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
