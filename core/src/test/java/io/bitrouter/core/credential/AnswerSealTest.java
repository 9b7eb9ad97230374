package io.bitrouter.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerSealTest {

  private static final byte[] ANSWER = "the answer".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONTEXT = {1, 2, 3};

  private final Random random = new Random(1);
  private final Token token = Token.generate(Token.Kind.API_KEY, random);
  private final AnswerSeal seal = new AnswerSeal(token);

  @Test
  void whatATokenSealedItOpens() {
    byte[] sealed = seal.seal(ANSWER, CONTEXT, random);
    assertThat(new AnswerSeal(token).open(sealed, CONTEXT)).hasValue(ANSWER);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("answer");
    assertThat(seal.seal(ANSWER, CONTEXT, random)).isNotEqualTo(sealed);
  }

  @Test
  void nothingElseOpensIt() {
    byte[] sealed = seal.seal(ANSWER, CONTEXT, random);
    AnswerSeal other = new AnswerSeal(Token.generate(Token.Kind.API_KEY, random));
    assertThat(other.open(sealed, CONTEXT)).isEmpty();
    assertThat(seal.open(sealed, new byte[] {1, 2})).isEmpty();
    assertThat(seal.open(new byte[3], CONTEXT)).isEmpty();
    for (int i = 0; i < sealed.length; i++) {
      sealed[i] ^= 1;
      assertThat(seal.open(sealed, CONTEXT)).as("byte %d", i).isEmpty();
      sealed[i] ^= 1;
    }
  }
}
