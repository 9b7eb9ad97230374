package io.bitrouter.it.inference;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A node with three upstreams whose answers say whose they are, and some that nobody reaches. Each
 * {@link Tenant} is a namespace that knows nothing of what others have found out about them.
 */
final class FailoverWorld
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  /** Nano-USD for a prompt token of {@code third/dear}. */
  static final long DEAR_INPUT = 50_000;

  /** Nano-USD for a generated token of {@code third/dear}. */
  static final long DEAR_OUTPUT = 100_000;

  private final NodeWorld node = NodeWorld.with(this::configuration);
  private Optional<Others> others = Optional.empty();
  private int tenants;

  private record Others(FakeUpstream second, FakeUpstream third, ServerSocket plain) {}

  /** Serves {@code both} and {@code alone} by chat. */
  FakeUpstream first() {
    return node.upstream();
  }

  /** Serves {@code both} by chat, and what the unreachable serve. */
  FakeUpstream second() {
    return others().second();
  }

  /** Serves {@code dear} by messages. */
  FakeUpstream third() {
    return others().third();
  }

  /** A namespace of its own with a key. */
  Tenant tenant() {
    tenants++;
    String namespace = node.node().createNamespace("tenant-" + tenants);
    TestKey key = node.node().mint(namespace, "test", TestKey.ALL_SCOPES);
    return new Tenant(node.node().with(key.token()), node.node().ledger(key), key);
  }

  /** A good answer in which a provider says its name. */
  UpstreamScript saying(String provider) {
    return UpstreamScript.ok().saying(provider + " ");
  }

  private String configuration(FakeUpstream first) {
    return """
    upstream: {connect_ms: 2000, first_token_ms: 600, idle_ms: 600}
    providers:
      refusing: {api_base: "http://127.0.0.1:1/v1", auth: none, protocol: chat, models: [{id: refused, price: {input: "0.50", output: "1.00"}}]}
      nameless: {api_base: "http://no-such-host.invalid/v1", auth: none, protocol: chat, models: [{id: nameless, price: {input: "0.50", output: "1.00"}}]}
      untls: {api_base: "https://127.0.0.1:%1$d/v1", auth: none, protocol: chat, models: [{id: untls, price: {input: "0.50", output: "1.00"}}]}
      first:
        api_base: %2$s
        auth: none
        protocol: chat
        models:
          - {id: both, price: {input: "0.50", output: "1.00"}}
          - {id: alone, price: {input: "0.50", output: "1.00"}}
      second:
        api_base: %3$s
        auth: none
        protocol: chat
        models:
          - {id: both, price: {input: "0.50", output: "1.00"}}
          - {id: refused, price: {input: "0.50", output: "1.00"}}
          - {id: nameless, price: {input: "0.50", output: "1.00"}}
          - {id: untls, price: {input: "0.50", output: "1.00"}}
      third:
        api_base: %4$s
        auth: none
        protocol: messages
        models:
          - {id: dear, price: {input: "50.00", output: "100.00"}}
    """
        .formatted(others().plain().getLocalPort(), first.base(), second().base(), third().base());
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> speakPlainly(plain));
    others = Optional.of(new Others(FakeUpstream.start(), FakeUpstream.start(), plain));
    node.beforeAll(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    node.beforeEach(context);
    second().forget();
    third().forget();
    first().answer(saying("first"));
    second().answer(saying("second"));
    third().answer(saying("third"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    node.afterEach(context);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    node.afterAll(context);
    second().close();
    third().close();
    others().plain().close();
  }

  /** Answers whoever wants TLS with HTTP. */
  private static void speakPlainly(ServerSocket plain) {
    while (!plain.isClosed()) {
      try (Socket socket = plain.accept()) {
        socket
            .getOutputStream()
            .write("HTTP/1.1 400 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException closed) {
        // The peer has gone, or the listener has been closed.
      }
    }
  }

  private Others others() {
    return others.orElseThrow();
  }
}
