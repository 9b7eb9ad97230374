package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.OperatorMinter;
import io.bitrouter.core.credential.OperatorMinter.Issued;
import io.bitrouter.core.credential.OperatorMinter.Wanted;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.credential.Token;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OperatorServiceTest {

  private static final Peppers PEPPERS = new Peppers(Map.of("p", Secret.of(new byte[32])), "p");

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Random random = new Random(1);
  private final Token token = Token.generate(Token.Kind.OPERATOR, random);
  private final List<OperatorRecord> stored = new ArrayList<>();

  /** They counted although nobody can use them any more. */
  @Test
  void credentialsThatHaveEndedDoNotCountAgainstTheLimit() {
    OperatorRecord root = credential(OptionalLong.empty(), OptionalLong.empty());
    stored.add(root);
    long past = clock.epochMicros() - 1;
    for (int i = 0; i < OperatorService.MOST; i++) {
      stored.add(
          i % 2 == 0
              ? credential(OptionalLong.of(past), OptionalLong.empty())
              : credential(OptionalLong.empty(), OptionalLong.of(past)));
    }
    assertThat(issue(root)).isInstanceOf(Outcome.Done.class);
    while (stored.size() < 2 * OperatorService.MOST) {
      stored.add(credential(OptionalLong.empty(), OptionalLong.empty()));
    }
    assertThat(issue(root)).isInstanceOf(Outcome.Refused.class);
  }

  private Outcome<Issued> issue(OperatorRecord root) {
    KeyIndex index = new KeyIndex();
    index.put(root);
    StubStore stub =
        new StubStore().on("operators", unused -> stored).on("addOperator", unused -> true);
    OperatorService service =
        new OperatorService(stub.store(), index, new OperatorMinter(PEPPERS, clock, random), clock);
    Outcome<Caller> caller =
        new Authenticator(index, PEPPERS, clock).authenticate(List.of(token.whole().reveal()));
    return caller.then(found ->
        service.issue(
            (Caller.Operator) found,
            new Wanted("n", List.of("node:usage:read"), Optional.empty(), OptionalLong.empty()),
            Asked.once(new Origin(RequestId.next(clock, random), ""))));
  }

  private OperatorRecord credential(OptionalLong expires, OptionalLong revoked) {
    return new OperatorRecord(
        "opr_" + stored.size(),
        "some",
        ScopeSet.of(Scope.OF_AN_OPERATOR),
        new Reach.Everything(),
        Optional.empty(),
        0,
        expires,
        revoked,
        PEPPERS.verifierForOperator(token));
  }
}
