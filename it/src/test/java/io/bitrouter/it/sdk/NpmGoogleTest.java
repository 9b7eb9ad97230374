package io.bitrouter.it.sdk;

import org.junit.jupiter.api.Nested;

/** Google's own library from npm. */
final class NpmGoogleTest {

  @Nested
  final class GeminiOnNode20 extends NpmSdk {
    GeminiOnNode20() {
      super(NpmLibrary.GENAI_GEMINI, NODE_20);
    }
  }

  @Nested
  final class GeminiOnNode22 extends NpmSdk {
    GeminiOnNode22() {
      super(NpmLibrary.GENAI_GEMINI, NODE_22);
    }
  }
}
