package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.control.Asked;
import io.bitrouter.core.control.Origin;
import io.bitrouter.core.control.SettingsService;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.gateway.StoredResponses;
import io.bitrouter.core.gateway.StoredTurn;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.store.StoredResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored answers: for whom they open, for how long, how many, and when they are gone. */
class StoredResponsesTest {

  private static final String WORDS = "zqwhatwassaid";

  @TempDir private Path folder;
  private final SnapshotRegistry snapshots = new SnapshotRegistry();
  private ControlWorld world;
  private Namespace here;
  private Namespace there;
  private Caller.Key caller;
  private Caller.Key neighbour;
  private StoredResponses responses;
  private long now = ControlWorld.NOW + 10_000_000;
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long nanos() {
          return now * 1_000;
        }

        @Override
        public long epochMicros() {
          return now;
        }
      };

  @BeforeEach
  void open() {
    world = new ControlWorld(folder);
    here = world.namespace("here");
    there = world.namespace("there");
    caller = caller(here);
    neighbour = caller(there);
    responses = responses("pepper");
    allow(caller, true);
    allow(neighbour, true);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void anAnswerIsFoundWhileItWaitsAndWhenItIsWritten() {
    responses.keep(caller, turn("a", WORDS));
    assertFound("a", WORDS);
    assertThat(rows()).isZero();
    responses.write();
    assertThat(rows()).isEqualTo(1);
    assertFound("a", WORDS);
    responses.keep(caller, turn("a", "another of the same id"));
    responses.write();
    assertFound("a", "another of the same id");
    assertThat(found(grant(), "b")).isEmpty();
    assertThat(found(neighbour.grant(), "a")).isEmpty();
    responses = responses("pepper");
    assertFound("a", "another of the same id");
  }

  @Test
  void itOpensForItsNamespaceItsIdAndThisNodeAlone() throws IOException {
    responses.keep(caller, turn("a", WORDS));
    responses.write();
    assertThat(found(responses("other pepper"), grant(), "a")).isEmpty();
    for (String moved :
        List.of("response_id = 'b'", "namespace_id = '" + there.id() + "', response_id = 'a'")) {
      world.database.write(
          handle -> handle.createUpdate("UPDATE stored_response SET " + moved).execute());
      for (NamespaceGrant grant : List.of(grant(), neighbour.grant())) {
        assertThat(found(grant, moved.contains("'b'") ? "b" : "a")).as(moved).isEmpty();
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(WORDS);
      }
    }
  }

  @Test
  void afterThirtyDaysItIsUnknownAndThenGone() {
    responses.keep(caller, turn("a", WORDS));
    responses.write();
    now += StoredResponses.LIFE_MICROS - 1;
    world.node.forgetOldResponses(now);
    assertFound("a", WORDS);
    now++;
    assertThat(found(grant(), "a")).isEmpty();
    assertThat(responses.forget(grant(), "a")).isFalse();
    world.node.forgetOldResponses(now);
    assertThat(rows()).isZero();
  }

  @Test
  void theOldestGoWhenTheNamespaceIsFull() {
    for (int i = 0; i < 5; i++) {
      int number = i;
      world
          .view(here.id())
          .keepResponses(
              IntStream.of(2 * number, 2 * number + 1)
                  .mapToObj(id -> stored("r" + id, now + id, 100))
                  .toList(),
              500,
              9);
      world.view(there.id()).keepResponses(List.of(stored("r" + i, now, 100)), 900, 5);
    }
    assertThat(ids(here)).containsExactly("r5", "r6", "r7", "r8", "r9");
    assertThat(ids(there)).hasSize(5);
    world.view(here.id()).keepResponses(List.of(), 500, 3);
    assertThat(ids(here)).containsExactly("r7", "r8", "r9");
    assertThat(ids(there)).hasSize(5);
  }

  @Test
  void whatTheNodeCannotHoldIsNotRead() {
    responses.keep(caller, turn("a", WORDS));
    for (int i = 0; i < 2; i++) {
      List<Long> asked = new ArrayList<>();
      Outcome<Optional<StoredTurn>> full =
          responses.find(
              grant(),
              "a",
              bytes -> {
                asked.add(bytes);
                return Outcome.refused(Refusal.of(RefusalCode.NODE_OVERLOADED, "full"));
              });
      assertThat(full).isInstanceOf(Outcome.Refused.class);
      assertThat(asked).hasSize(1).allMatch(bytes -> bytes >= WORDS.length());
      responses.write();
    }
  }

  private List<String> ids(Namespace namespace) {
    return world.database.read(handle ->
        handle
            .createQuery(
                "SELECT response_id FROM stored_response WHERE namespace_id = :ns ORDER BY 1")
            .bind("ns", namespace.id().text())
            .mapTo(String.class)
            .list());
  }

  @Test
  void whatThereIsNoRoomForIsLostAndCounted() {
    responses.keep(caller, turn("large", "x".repeat(StoredTurn.MOST_BYTES)));
    assertThat(responses.lost()).isEqualTo(1);
    String large = "x".repeat(StoredTurn.MOST_BYTES - 10);
    for (int i = 0; i < 3; i++) {
      responses.keep(caller, turn("r" + i, large));
    }
    assertThat(responses.lost()).isEqualTo(2);
    responses.write();
    assertThat(rows()).isEqualTo(2);
    responses.keep(caller, turn("r2", large));
    assertThat(responses.lost()).isEqualTo(2);
    assertFound("r2", large);
  }

  /** What one namespace had waiting could take the room of all. */
  @Test
  void aNamespaceThatFloodsLeavesRoomForItsNeighbour() {
    String large = "x".repeat(StoredTurn.MOST_BYTES - 10);
    for (int i = 0; i < 8; i++) {
      responses.keep(caller, turn("r" + i, large));
    }
    assertThat(responses.lost()).isEqualTo(6);
    responses.keep(neighbour, turn("n", large));
    assertThat(responses.lost()).isEqualTo(6);
    responses.write();
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void whatIsForgottenStaysForgotten() {
    responses.keep(caller, turn("a", WORDS));
    assertThat(responses.forget(neighbour.grant(), "a")).isFalse();
    assertThat(responses.forget(grant(), "a")).isTrue();
    responses.write();
    assertThat(rows()).isZero();
    responses.keep(caller, turn("a", WORDS));
    responses.write();
    assertThat(responses.forget(grant(), "a")).isTrue();
    assertThat(responses.forget(grant(), "a")).isFalse();
    assertThat(found(grant(), "a")).isEmpty();
  }

  @Test
  void whereItIsNotAllowedNothingIsKept() {
    responses.keep(caller, turn("a", WORDS));
    responses.keep(neighbour, turn("a", WORDS));
    responses.write();
    responses.keep(caller, turn("waits", WORDS));
    now++;
    allow(caller, false);
    assertThat(found(grant(), "a")).isEmpty();
    assertThat(found(grant(), "waits")).isEmpty();
    responses.keep(caller, turn("b", WORDS));
    now++;
    allow(caller, true);
    for (String id : List.of("a", "waits", "b")) {
      assertThat(found(grant(), id)).as(id).isEmpty();
    }
    responses.write();
    for (String id : List.of("a", "waits", "b")) {
      assertThat(found(grant(), id)).as(id).isEmpty();
    }
    assertThat(rows()).as("the neighbour's").isEqualTo(1);
    world.node.deleteNamespace(there.id(), world.audit("namespace.delete", "x", now));
    assertThat(rows()).isZero();
  }

  @Test
  void whatTheStoreCannotTakeGoesOnWaiting() {
    responses.keep(caller, turn("a", WORDS));
    world.close();
    assertThatThrownBy(responses::write).isInstanceOf(StoreUnavailableException.class);
    assertFound("a", WORDS);
  }

  @Test
  void theSettingIsThereAfterARestart() {
    allow(neighbour, false);
    List<String> storing =
        world.database.read(handle ->
            handle
                .createQuery("SELECT id FROM namespace WHERE responses_since IS NOT NULL")
                .mapTo(String.class)
                .list());
    assertThat(storing).containsExactly(here.id().text());
    world.node.forEachRules(rules ->
        assertThat(rules.storesResponses()).isEqualTo(rules.namespace().equals(here.id())));
  }

  private StoredResponses responses(String pepper) {
    Peppers peppers = new Peppers(Map.of("p", Secret.of(pepper)), "p");
    return new StoredResponses(
        new StoredResponses.Parts(world.store, snapshots, peppers, ticker, new Random(3)));
  }

  private Caller.Key caller(Namespace namespace) {
    return new Caller.Key(
        world.stored(namespace.id(), "key", Optional.empty()),
        OperatorGrant.ofTheNodeItself().enter(namespace.id()));
  }

  private NamespaceGrant grant() {
    return caller.grant();
  }

  private void allow(Caller.Key who, boolean on) {
    Asked<Boolean> once =
        Asked.once(new Origin(RequestId.next(ticker, new Random(now)), "127.0.0.1"));
    assertThat(
            new SettingsService(world.store, snapshots, responses::forgetWaiting, ticker)
                .storeResponses(who, on, once))
        .isEqualTo(Outcome.done(on));
  }

  private Optional<StoredTurn> found(NamespaceGrant grant, String id) {
    return found(responses, grant, id);
  }

  private static Optional<StoredTurn> found(
      StoredResponses responses, NamespaceGrant grant, String id) {
    return switch (responses.find(grant, id, Outcome::done)) {
      case Outcome.Done<Optional<StoredTurn>>(Optional<StoredTurn> turn) -> turn;
      case Outcome.Refused<Optional<StoredTurn>>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private StoredResponse stored(String id, long createdAt, int bytes) {
    return new StoredResponse(
        id, caller.key().id(), createdAt, createdAt + 1_000_000, new byte[bytes]);
  }

  private static StoredTurn turn(String id, String words) {
    return new StoredTurn(
        id, "[in]".getBytes(StandardCharsets.UTF_8), words.getBytes(StandardCharsets.UTF_8));
  }

  private void assertFound(String id, String words) {
    StoredTurn found = found(grant(), id).orElseThrow();
    assertThat(found.id()).isEqualTo(id);
    assertThat(found.input()).isEqualTo(turn(id, words).input());
    assertThat(found.response()).isEqualTo(turn(id, words).response());
  }

  private int rows() {
    return world.database.read(handle ->
        handle.createQuery("SELECT count(*) FROM stored_response").mapTo(int.class).one());
  }
}
