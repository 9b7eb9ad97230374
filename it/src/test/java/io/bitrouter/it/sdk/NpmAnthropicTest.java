package io.bitrouter.it.sdk;

import org.junit.jupiter.api.Nested;

/** Anthropic's own library from npm. */
final class NpmAnthropicTest {

  @Nested
  final class MessagesOnNode20 extends NpmSdk {
    MessagesOnNode20() {
      super(NpmLibrary.ANTHROPIC_MESSAGES, NODE_20);
    }
  }

  @Nested
  final class MessagesOnNode22 extends NpmSdk {
    MessagesOnNode22() {
      super(NpmLibrary.ANTHROPIC_MESSAGES, NODE_22);
    }
  }
}
