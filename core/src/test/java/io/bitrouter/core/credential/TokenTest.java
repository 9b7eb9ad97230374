package io.bitrouter.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenTest {

  @Test
  void aTokenHasTheDocumentedFormAndReadsBack() {
    Random random = new Random(3);
    for (Token.Kind kind : Token.Kind.values()) {
      Token token = Token.generate(kind, random);
      String text = token.whole().reveal();
      assertThat(text).matches("br[ko]_[0-9A-Za-z]{16}\\.[0-9A-Za-z]{38}");
      Token read = Token.parse(text).orElseThrow();
      assertThat(read.kind()).isEqualTo(kind);
      assertThat(read.tokenId()).isEqualTo(token.tokenId());
      assertThat(read.secret().matches(token.secret())).isTrue();
      assertThat(token.toString()).doesNotContain(token.secret().reveal());
    }
  }

  @Test
  void everySingleTypoIsSeenWithoutALookUp() {
    String text = Token.generate(Token.Kind.API_KEY, new Random(4)).whole().reveal();
    for (int i = 0; i < text.length(); i++) {
      for (char c : new char[] {'0', 'Z', 'a', '-', '.', 'é'}) {
        if (text.charAt(i) != c) {
          assertThat(Token.parse(text.substring(0, i) + c + text.substring(i + 1)))
              .as("typo at %d", i)
              .isEmpty();
        }
      }
    }
    assertThat(Token.parse(text + "a")).isEmpty();
    assertThat(Token.parse(text.substring(1))).isEmpty();
    assertThat(Token.parse("")).isEmpty();
  }

  @Test
  void aKeysTokenIsNotAnOperatorsToken() {
    String text = Token.generate(Token.Kind.API_KEY, new Random(5)).whole().reveal();
    assertThat(Token.parse("bro" + text.substring(3))).isEmpty();
  }

  @Test
  void tokensDoNotRepeat() {
    Random random = new Random(6);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(Token.generate(Token.Kind.API_KEY, random).tokenId())).isTrue();
    }
  }
}
