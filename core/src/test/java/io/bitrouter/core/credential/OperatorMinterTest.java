package io.bitrouter.core.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class OperatorMinterTest {

  private static final Peppers PEPPERS =
      new Peppers(Map.of("p", Secret.of("0123456789abcdef0123456789abcdef")), "p");

  /** Chains of issuing, each with random wishes: no link is wider than the one before. */
  @Test
  void nothingIssuedIsWiderThanItsIssuer() {
    int[] issued = {0};
    Seeds.check(
        2_000,
        random -> {
          OperatorMinter minter = new OperatorMinter(PEPPERS, Ticker.system(), new Random(7));
          OperatorRecord issuer = root();
          for (int i = 0; i < 6; i++) {
            Outcome<OperatorMinter.Issued> outcome = minter.issue(issuer, wanted(random));
            if (outcome instanceof Outcome.Done<OperatorMinter.Issued>(var made)) {
              OperatorRecord next = made.operator();
              assertThat(issuer.scopes().tokens()).containsAll(next.scopes().tokens());
              assertThat(issuer.reach().covers(next.reach())).isTrue();
              assertThat(next.expiresAtMicros().orElse(Long.MAX_VALUE))
                  .isLessThanOrEqualTo(issuer.expiresAtMicros().orElse(Long.MAX_VALUE));
              assertThat(issuer.covers(next)).isTrue();
              issuer = next;
              issued[0]++;
            }
          }
        });
    assertThat(issued[0]).isGreaterThan(1_000);
  }

  private static OperatorMinter.Wanted wanted(RandomGenerator random) {
    List<String> scopes = new ArrayList<>();
    for (String scope : Scope.OF_AN_OPERATOR) {
      if (random.nextBoolean()) {
        scopes.add(scope);
      }
    }
    Optional<Reach.Only> reach = Optional.empty();
    if (random.nextInt(3) > 0) {
      Set<NamespaceId> some =
          random.nextBoolean() ? Set.of(ns(random)) : Set.of(new NamespaceId("ns_0"), ns2(random));
      reach = Optional.of(new Reach.Only(some));
    }
    OptionalLong end =
        random.nextBoolean()
            ? OptionalLong.empty()
            : OptionalLong.of(
                Ticker.system().epochMicros() + random.nextLong(1L << 40) + 1_000_000);
    return new OperatorMinter.Wanted("n", scopes, reach, end);
  }

  private static NamespaceId ns(RandomGenerator random) {
    return new NamespaceId("ns_" + random.nextInt(3));
  }

  private static NamespaceId ns2(RandomGenerator random) {
    return new NamespaceId("ns_" + (1 + random.nextInt(3)));
  }

  private static OperatorRecord root() {
    Token token = Token.generate(Token.Kind.OPERATOR, new Random(1));
    return new OperatorRecord(
        "opr_root",
        OperatorRecord.ROOT,
        ScopeSet.of(Scope.OF_AN_OPERATOR),
        new Reach.Everything(),
        Optional.empty(),
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        PEPPERS.verifierForOperator(token));
  }
}
