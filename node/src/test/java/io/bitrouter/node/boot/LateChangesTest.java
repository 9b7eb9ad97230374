package io.bitrouter.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.credential.Token;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.AuditSigner;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.Recorded;
import io.bitrouter.store.Books;
import io.bitrouter.store.journal.JournalSettings;
import io.bitrouter.wire.policy.PolicySpecs;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are stored and were not published, as when a commit outlasts its caller. */
class LateChangesTest {

  private static final OperatorGrant NODE = OperatorGrant.ofTheNodeItself();
  private static final NamespaceId HERE = NamespaceId.of(new Ulid(1, 1));
  private static final NamespaceId THERE = NamespaceId.of(new Ulid(1, 2));
  private static final NamespaceGrant IN_HERE = NODE.enter(HERE);

  private final Ticker ticker = Ticker.system();
  private final Random random = new Random(1);
  private final Peppers peppers = new Peppers(Map.of("p", Secret.of(new byte[32])), "p");
  private final KeyMinter minter = new KeyMinter(peppers, ticker, random);

  @TempDir private Path home;

  @Test
  void whatIsStoredHoldsOnceItIsKnownToBe() {
    try (Books books =
        Books.open(home, JournalSettings.DEFAULT, ticker, new PolicySpecs(), new Stamp())) {
      NodeView node = books.store().openNode(NODE);
      node.createNamespace(new Namespace(HERE, Namespace.NODE_OWNER, "here", 1), recorded());
      node.createNamespace(new Namespace(THERE, Namespace.NODE_OWNER, "there", 2), recorded());
      NamespaceView view = books.store().open(IN_HERE);
      KeyMinter.Minted revoked = minted();
      view.addKey(revoked.key(), recorded());
      StoredState state = StoredState.load(node, ticker, new Admission.Bounds(0, 0));
      Authenticator door = new Authenticator(state.index(), peppers, ticker);
      assertThat(letsIn(door, revoked)).isTrue();

      KeyMinter.Minted added = minted();
      view.addKey(added.key(), recorded());
      view.revokeKey(revoked.key().id(), true, audit());
      Policy policy =
          new Policy(
              new PolicyId("pol_1"),
              "p",
              new Budget(new BudgetWindow.Total(), 1, Budget.Mode.METERED, Budget.Unpriced.DENY),
              1,
              false,
              1,
              1,
              OptionalLong.empty());
      view.changeRules(
          new PolicyChange(List.of(policy), Set.of(), List.of(), Set.of(), Map.of()), recorded());
      assertThat(letsIn(door, revoked)).isTrue();
      state.converge(books.store(), new Changed.Namespace(THERE));
      assertThat(letsIn(door, revoked)).isTrue();

      state.converge(books.store(), new Changed.Namespace(HERE));
      assertThat(letsIn(door, revoked)).isFalse();
      assertThat(letsIn(door, added)).isTrue();
      assertThat(state.snapshots().current(IN_HERE).policies()).containsExactly(policy);
      assertThat(state.snapshots().current(IN_HERE).suspended()).isFalse();

      Token operator = Token.generate(Token.Kind.OPERATOR, random);
      node.addOperator(operator(operator), Optional.empty());
      assertThat(letsIn(door, operator)).isFalse();
      state.converge(books.store(), new Changed.Operators());
      assertThat(letsIn(door, operator)).isTrue();

      node.deleteNamespace(HERE, audit());
      state.converge(books.store(), new Changed.Namespace(HERE));
      assertThat(letsIn(door, added)).isFalse();
      assertThat(state.snapshots().current(IN_HERE).suspended()).isTrue();
      assertThat(state.index().size()).isZero();
    }
  }

  private KeyMinter.Minted minted() {
    Outcome<KeyMinter.Minted> minted =
        minter.mint(
            new KeyMinter.Parent(IN_HERE, Optional.empty(), OptionalLong.empty()),
            new KeyMinter.Wanted("k", List.of("usage:read"), OptionalLong.empty()));
    return ((Outcome.Done<KeyMinter.Minted>) minted).value();
  }

  private OperatorRecord operator(Token token) {
    return new OperatorRecord(
        "opr_1",
        "some",
        ScopeSet.of(Scope.OF_AN_OPERATOR),
        new Reach.Everything(),
        Optional.empty(),
        1,
        OptionalLong.empty(),
        OptionalLong.empty(),
        peppers.verifierForOperator(token));
  }

  private static boolean letsIn(Authenticator door, KeyMinter.Minted minted) {
    return letsIn(door, minted.token());
  }

  private static boolean letsIn(Authenticator door, Token token) {
    Outcome<Caller> outcome = door.authenticate(List.of(token.whole().reveal()));
    return outcome instanceof Outcome.Done<Caller>;
  }

  private Recorded recorded() {
    return Recorded.of(audit());
  }

  private AuditEntry audit() {
    return new AuditEntry(
        ticker.epochMicros(),
        "node",
        "node",
        "thing.change",
        "thing",
        "x",
        "",
        "",
        "",
        RequestId.next(ticker, random));
  }

  /** Signs with a plain copy: whose signature it is, is not what is tried here. */
  private static final class Stamp implements AuditSigner {
    @Override
    public byte[] sign(byte[] message) {
      return message.clone();
    }

    @Override
    public boolean verifies(byte[] message, byte[] signature) {
      return Arrays.equals(message, signature);
    }

    @Override
    public byte[] publicKey() {
      return new byte[32];
    }
  }
}
