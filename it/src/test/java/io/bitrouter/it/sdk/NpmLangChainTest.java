package io.bitrouter.it.sdk;

import org.junit.jupiter.api.Nested;

/** LangChain with each of its three libraries. */
final class NpmLangChainTest {

  @Nested
  final class ChatOnNode20 extends NpmSdk {
    ChatOnNode20() {
      super(NpmLibrary.LANGCHAIN_CHAT, NODE_20);
    }
  }

  @Nested
  final class ChatOnNode22 extends NpmSdk {
    ChatOnNode22() {
      super(NpmLibrary.LANGCHAIN_CHAT, NODE_22);
    }
  }

  @Nested
  final class ResponsesOnNode20 extends NpmSdk {
    ResponsesOnNode20() {
      super(NpmLibrary.LANGCHAIN_RESPONSES, NODE_20);
    }
  }

  @Nested
  final class ResponsesOnNode22 extends NpmSdk {
    ResponsesOnNode22() {
      super(NpmLibrary.LANGCHAIN_RESPONSES, NODE_22);
    }
  }

  @Nested
  final class MessagesOnNode20 extends NpmSdk {
    MessagesOnNode20() {
      super(NpmLibrary.LANGCHAIN_MESSAGES, NODE_20);
    }
  }

  @Nested
  final class MessagesOnNode22 extends NpmSdk {
    MessagesOnNode22() {
      super(NpmLibrary.LANGCHAIN_MESSAGES, NODE_22);
    }
  }

  @Nested
  final class GeminiOnNode20 extends NpmSdk {
    GeminiOnNode20() {
      super(NpmLibrary.LANGCHAIN_GEMINI, NODE_20);
    }
  }

  @Nested
  final class GeminiOnNode22 extends NpmSdk {
    GeminiOnNode22() {
      super(NpmLibrary.LANGCHAIN_GEMINI, NODE_22);
    }
  }
}
