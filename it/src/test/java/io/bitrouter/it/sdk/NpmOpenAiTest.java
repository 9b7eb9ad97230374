package io.bitrouter.it.sdk;

import org.junit.jupiter.api.Nested;

/** OpenAI's own library from npm. */
final class NpmOpenAiTest {

  @Nested
  final class ChatOnNode20 extends NpmSdk {
    ChatOnNode20() {
      super(NpmLibrary.OPENAI_CHAT, NODE_20);
    }
  }

  @Nested
  final class ChatOnNode22 extends NpmSdk {
    ChatOnNode22() {
      super(NpmLibrary.OPENAI_CHAT, NODE_22);
    }
  }

  @Nested
  final class ResponsesOnNode20 extends NpmSdk {
    ResponsesOnNode20() {
      super(NpmLibrary.OPENAI_RESPONSES, NODE_20);
    }
  }

  @Nested
  final class ResponsesOnNode22 extends NpmSdk {
    ResponsesOnNode22() {
      super(NpmLibrary.OPENAI_RESPONSES, NODE_22);
    }
  }
}
