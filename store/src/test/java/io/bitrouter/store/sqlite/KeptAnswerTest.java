package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AlreadyAnsweredException;
import io.bitrouter.core.store.KeptAnswer;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.Recorded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One change for one idempotency key, and its answer for whoever asked. */
class KeptAnswerTest {

  private static final long NOW = ControlWorld.NOW;
  private static final long LATER = NOW + 1_000;

  @TempDir private Path folder;
  private ControlWorld world;
  private Namespace here;
  private Namespace there;

  @BeforeEach
  void open() {
    world = new ControlWorld(folder);
    here = world.namespace("here");
    there = world.namespace("there");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void ofManyAtOnceOneChangesSomething() throws Exception {
    List<Future<Boolean>> attempts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 24; i++) {
        KeyRecord key = world.key(here.id(), "k" + i, Optional.empty());
        Recorded record = record(answer("cred", 1, i, LATER));
        attempts.add(threads.submit(() -> world.view(here.id()).addKey(key, record)));
      }
    }
    int done = 0;
    for (Future<Boolean> each : attempts) {
      try {
        done += each.get() ? 1 : 0;
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(AlreadyAnsweredException.class);
      }
    }
    assertThat(done).isEqualTo(1);
    assertThat(world.view(here.id()).keys()).hasSize(1);
    assertThat(world.view(here.id()).verifyAudit().rows()).isEqualTo(2);
    KeptAnswer kept = world.view(here.id()).keptAnswer("cred", name(1), NOW).orElseThrow();
    assertThat(world.view(here.id()).keys().getFirst().name()).isEqualTo("k" + kept.sealed()[0]);
  }

  @Test
  void everyChangeThatTakesAnAnswerIsLeftUndoneByASecondOne() {
    KeyRecord key = world.stored(here.id(), "k", Optional.empty());
    var view = world.view(here.id());
    view.changeRules(PolicyChange.NONE, record(answer("cred", 1, 1, LATER)));
    Recorded again = record(answer("cred", 1, 2, LATER));
    var policy = PolicyChange.save(SampleRules.policy("p", SampleRules.RATE));
    List<KeyVerifier> verifiers =
        List.of(new KeyVerifier("t", new byte[] {1}, "p", OptionalLong.empty()));
    KeyRecord another = world.key(here.id(), "k2", Optional.empty());
    for (Runnable change :
        List.<Runnable>of(
            () -> view.changeRules(policy, again),
            () -> view.rotateKey(key.id(), verifiers, again),
            () -> view.addKey(another, again))) {
      assertThatThrownBy(change::run).isInstanceOf(AlreadyAnsweredException.class);
    }
    world.node.forEachRules(rules -> assertThat(rules.policies()).isEmpty());
    assertThat(view.keys()).usingRecursiveComparison().isEqualTo(List.of(key));
    assertThat(view.verifyAudit().rows()).isEqualTo(3);
    assertThat(view.keptAnswer("cred", name(1), NOW)).contains(answer("cred", 1, 1, LATER));
  }

  @Test
  void anAnswerIsFoundByItsCredentialInItsNamespaceInTime() {
    KeptAnswer kept = answer("cred", 1, 1, LATER);
    world.view(here.id()).changeRules(PolicyChange.NONE, record(kept));
    assertThat(world.view(here.id()).keptAnswer("cred", name(1), LATER - 1)).contains(kept);
    assertThat(world.view(here.id()).keptAnswer("cred", name(1), LATER)).isEmpty();
    assertThat(world.view(here.id()).keptAnswer("cred", name(2), NOW)).isEmpty();
    assertThat(world.view(here.id()).keptAnswer("other", name(1), NOW)).isEmpty();
    assertThat(world.view(there.id()).keptAnswer("cred", name(1), NOW)).isEmpty();
    assertThat(world.node.keptAnswer("cred", name(1), NOW)).isEmpty();
    for (Recorded elsewhere : List.of(record(kept), record(answer("other", 1, 1, LATER)))) {
      assertThat(world.view(there.id()).changeRules(PolicyChange.NONE, elsewhere)).isTrue();
    }
  }

  @Test
  void expiredOnesGoWhenAnotherIsStored() {
    world.view(here.id()).changeRules(PolicyChange.NONE, record(answer("cred", 1, 1, NOW)));
    KeptAnswer fresh = answer("cred", 1, 2, LATER);
    world.view(here.id()).changeRules(PolicyChange.NONE, record(fresh));
    assertThat(world.view(here.id()).keptAnswer("cred", name(1), NOW)).contains(fresh);
    long stored =
        world.database.read(handle ->
            handle.createQuery("SELECT count(*) FROM kept_answer").mapTo(long.class).one());
    assertThat(stored).isEqualTo(1);
  }

  @Test
  void operatorsHaveTheirOwn() {
    Namespace made = new Namespace(new NamespaceId("ns_made"), Namespace.NODE_OWNER, "made", NOW);
    KeptAnswer first = answer("opr_1", 1, 1, LATER);
    world.node.createNamespace(made, record(first));
    assertThat(world.node.keptAnswer("opr_1", name(1), NOW)).contains(first);
    assertThat(world.view(made.id()).keptAnswer("opr_1", name(1), NOW)).isEmpty();
    Namespace second =
        new Namespace(new NamespaceId("ns_second"), Namespace.NODE_OWNER, "second", NOW);
    assertThatThrownBy(() -> world.node.createNamespace(second, record(first)))
        .isInstanceOf(AlreadyAnsweredException.class);
    assertThat(world.node.namespace(second.id())).isEmpty();
    OperatorRecord operator =
        new OperatorRecord(
            "opr_9",
            "some",
            ScopeSet.of(Scope.OF_AN_OPERATOR),
            new Reach.Everything(),
            Optional.empty(),
            NOW,
            OptionalLong.empty(),
            OptionalLong.empty(),
            new KeyVerifier("tok", new byte[] {3}, "p1", OptionalLong.empty()));
    assertThatThrownBy(() -> world.node.addOperator(operator, Optional.of(first)))
        .isInstanceOf(AlreadyAnsweredException.class);
    assertThat(world.node.operators()).isEmpty();
    world.node.addOperator(operator, Optional.of(answer("opr_1", 2, 1, LATER)));
    assertThat(world.node.operators()).hasSize(1);
  }

  private Recorded record(KeptAnswer answer) {
    return new Recorded(world.audit("thing.change", "x", NOW), Optional.of(answer));
  }

  private static KeptAnswer answer(String credential, int name, int sealed, long expiresAt) {
    return new KeptAnswer(
        credential, name(name), new byte[] {9}, new byte[] {(byte) sealed}, expiresAt);
  }

  private static byte[] name(int number) {
    byte[] hash = new byte[32];
    hash[0] = (byte) number;
    return hash;
  }
}
