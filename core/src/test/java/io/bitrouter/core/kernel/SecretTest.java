package io.bitrouter.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

  private record Account(String name, Secret key) {}

  @Test
  void aRecordThatHoldsASecretDoesNotPrintIt() {
    Account account = new Account("openai", Secret.of("sk-very-secret"));
    assertThat(account.toString()).contains("openai").doesNotContain("very");
  }

  @Test
  void onlyTheSameBytesMatch() {
    assertThat(Secret.of("abc").matches(Secret.of("abc".getBytes()))).isTrue();
    assertThat(Secret.of("abc").matches(Secret.of("abd"))).isFalse();
    assertThat(Secret.of("abc").matches(Secret.of("ab"))).isFalse();
  }

  @Test
  void changingWhatWentInOrCameOutChangesNothing() {
    byte[] bytes = "abc".getBytes();
    Secret secret = Secret.of(bytes);
    bytes[0] = 'x';
    secret.revealBytes()[1] = 'x';
    assertThat(secret.reveal()).isEqualTo("abc");
  }
}
