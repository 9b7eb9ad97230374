package io.bitrouter.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeSetTest {

  @Test
  void noActionImpliesAnother() {
    ScopeSet scopes = ScopeSet.parse("policy:write");
    assertThat(scopes.allows("policy:write")).isTrue();
    assertThat(scopes.allows("policy:read")).isFalse();
  }

  @Test
  void aWildcardCoversItsOwnResourceAlone() {
    ScopeSet scopes = ScopeSet.parse("policy:*");
    assertThat(scopes.allows("policy:read")).isTrue();
    assertThat(scopes.allows("byok:read")).isFalse();
    assertThat(scopes.tokens()).containsExactly("policy:*");
  }

  @Test
  void theFirstMissingScopeIsNamedInTheOrderAsked() {
    ScopeSet scopes = ScopeSet.parse("keys:read usage:read");
    assertThat(scopes.firstMissing(List.of("usage:read", "keys:write", "byok:read")))
        .contains("keys:write");
    assertThat(scopes.firstMissing(List.of("usage:read"))).isEmpty();
  }

  @Test
  void aWildcardIsCoveredByAllActionsOfTheResource() {
    assertThat(ScopeSet.parse("keys:read keys:write").firstMissing(List.of("keys:*"))).isEmpty();
    assertThat(ScopeSet.parse("keys:read").firstMissing(List.of("keys:*"))).contains("keys:*");
  }

  @Test
  void aWildcardThatWouldReachBeyondTheNamespaceIsNeverCovered() {
    assertThat(ScopeSet.of(Scope.OF_A_KEY).firstMissing(List.of("namespace:*")))
        .contains("namespace:*");
    assertThat(ScopeSet.of(Scope.OF_A_KEY).firstMissing(List.of("user:*"))).contains("user:*");
  }

  @Test
  void theEmptySetAllowsNothing() {
    assertThat(ScopeSet.parse("").tokens()).isEmpty();
    assertThat(ScopeSet.parse("").allows("keys:read")).isFalse();
  }
}
