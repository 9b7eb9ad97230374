package io.bitrouter.core.gateway;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.store.StoredResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * The answers that namespaces have stored, for 30 days and at most 64 MiB and 10,000 each, the
 * oldest go first. Sealed under a key of the namespace's own, for the namespace and the id.
 *
 * <p>No request waits for the store: what is to be stored waits in memory, from where it can be
 * read already, and is written within a second. What waits when the process dies, or would be more
 * than 32 MiB, or 16 MiB of one namespace, is lost. Thread-safe.
 */
public final class StoredResponses {

  /** For how long a response is stored. */
  public static final long LIFE_MICROS = TimeUnit.DAYS.toMicros(30);

  private static final long BYTES_A_NAMESPACE = 64 << 20;
  private static final int RESPONSES_A_NAMESPACE = 10_000;
  private static final long MOST_WAITING = 32 << 20;

  /** Bytes that are written in one transaction, so that it keeps nobody waiting. */
  private static final long BATCH = 4 << 20;

  /** What the service works with; {@code random} is a cryptographically strong source. */
  public record Parts(
      ControlStore store,
      SnapshotRegistry snapshots,
      Peppers peppers,
      Ticker ticker,
      RandomGenerator random) {}

  private record Name(NamespaceId namespace, String id) {}

  private record Waiting(NamespaceGrant grant, KeyId key, long createdAtMicros, StoredTurn turn) {
    Name name() {
      return new Name(grant.namespace(), turn.id());
    }
  }

  private final Parts parts;
  private final Map<Name, Waiting> waiting = new LinkedHashMap<>();
  private final Map<NamespaceId, Long> waitingOf = new HashMap<>();
  private long waitingBytes;
  private long lost;

  /** With its parts. */
  public StoredResponses(Parts parts) {
    this.parts = parts;
  }

  /**
   * What the namespace has stored under {@code id}.
   *
   * @param hold counts its bytes before they are read; its refusal is the outcome
   * @throws StoreUnavailableException when the store cannot answer
   */
  public Outcome<Optional<StoredTurn>> find(
      NamespaceGrant grant, String id, LongFunction<Outcome<Long>> hold) {
    Optional<Long> bytes = bytes(grant, id);
    return bytes.isEmpty()
        ? Outcome.done(Optional.empty())
        : hold.apply(bytes.get()).map(held -> read(grant, id));
  }

  /**
   * Whether the namespace has stored anything under {@code id}.
   *
   * @throws StoreUnavailableException when the store cannot answer
   */
  public boolean knows(NamespaceGrant grant, String id) {
    return bytes(grant, id).isPresent();
  }

  private Optional<Long> bytes(NamespaceGrant grant, String id) {
    if (!parts.snapshots().current(grant).storesResponses()
        || id.length() > StoredTurn.LONGEST_ID) {
      return Optional.empty();
    }
    Optional<Long> here = waiting(grant, id).map(turn -> (long) turn.bytes());
    return here.isPresent()
        ? here
        : parts.store().open(grant).responseBytes(id, parts.ticker().epochMicros());
  }

  private synchronized Optional<StoredTurn> waiting(NamespaceGrant grant, String id) {
    return Optional.ofNullable(waiting.get(new Name(grant.namespace(), id))).map(Waiting::turn);
  }

  private Optional<StoredTurn> read(NamespaceGrant grant, String id) {
    Optional<StoredTurn> here = waiting(grant, id);
    return here.isPresent() ? here : stored(grant, id);
  }

  private Optional<StoredTurn> stored(NamespaceGrant grant, String id) {
    NamespaceId namespace = grant.namespace();
    return parts
        .store()
        .open(grant)
        .response(id, parts.ticker().epochMicros())
        .flatMap(sealed -> parts.peppers().open(namespace, sealed, context(namespace, id)))
        .map(content -> StoredTurn.of(id, content));
  }

  /**
   * Forgets what the namespace has stored under {@code id}; false when that is nothing.
   *
   * @throws StoreUnavailableException when the store cannot do it
   */
  public boolean forget(NamespaceGrant grant, String id) {
    boolean waited = remove(new Name(grant.namespace(), id)).isPresent();
    boolean stored = parts.store().open(grant).forgetResponse(id, parts.ticker().epochMicros());
    return waited || stored;
  }

  /** Forgets what of the namespace waits, which has just ceased to store any. */
  public synchronized void forgetWaiting(NamespaceId namespace) {
    List<Name> names =
        waiting.keySet().stream().filter(name -> name.namespace().equals(namespace)).toList();
    names.forEach(this::remove);
  }

  /** Takes an answer to be stored, unless the namespace has ceased to; never waits. */
  public void keep(Caller.Key caller, StoredTurn turn) {
    Waiting next =
        new Waiting(caller.grant(), caller.key().id(), parts.ticker().epochMicros(), turn);
    synchronized (this) {
      if (!parts.snapshots().current(caller.grant()).storesResponses()) {
        return;
      }
      long of = waitingOf.getOrDefault(caller.grant().namespace(), 0L) + turn.bytes();
      if (turn.bytes() > StoredTurn.MOST_BYTES
          || waitingBytes + turn.bytes() > MOST_WAITING
          || of > MOST_WAITING / 2) {
        lost++;
        return;
      }
      var unused = remove(next.name());
      waiting.put(next.name(), next);
      add(caller.grant().namespace(), turn.bytes());
    }
  }

  /** How many there was no room for since the start. */
  public synchronized long lost() {
    return lost;
  }

  /**
   * Writes what waits; called every second and at the end, by one thread.
   *
   * @throws StoreUnavailableException when the store cannot take it; it goes on waiting
   */
  public void write() {
    for (List<Waiting> batch : batches()) {
      NamespaceView view = parts.store().open(batch.getFirst().grant());
      try {
        view.keepResponses(
            batch.stream().map(this::sealed).toList(), BYTES_A_NAMESPACE, RESPONSES_A_NAMESPACE);
      } catch (StoreUnavailableException e) {
        throw e;
      } catch (RuntimeException e) {
        batch.forEach(this::written);
        throw e;
      }
      for (Waiting each : batch) {
        if (!written(each)) {
          // Somebody had it forgotten while it was being written.
          view.forgetResponse(each.turn().id(), each.createdAtMicros());
        }
      }
    }
  }

  private synchronized List<List<Waiting>> batches() {
    Map<NamespaceId, List<List<Waiting>>> batches = new LinkedHashMap<>();
    Map<NamespaceId, Long> last = new LinkedHashMap<>();
    for (Waiting each : waiting.values()) {
      NamespaceId namespace = each.grant().namespace();
      List<List<Waiting>> own = batches.computeIfAbsent(namespace, unused -> new ArrayList<>());
      if (own.isEmpty() || last.merge(namespace, (long) each.turn().bytes(), Long::sum) > BATCH) {
        own.add(new ArrayList<>());
        last.put(namespace, (long) each.turn().bytes());
      }
      own.getLast().add(each);
    }
    return batches.values().stream().flatMap(List::stream).toList();
  }

  private StoredResponse sealed(Waiting each) {
    StoredTurn turn = each.turn();
    NamespaceId namespace = each.grant().namespace();
    return new StoredResponse(
        turn.id(),
        each.key(),
        each.createdAtMicros(),
        each.createdAtMicros() + LIFE_MICROS,
        parts
            .peppers()
            .seal(namespace, turn.content(), context(namespace, turn.id()), parts.random()));
  }

  /** Whether it still waited, and for that very thing. */
  private synchronized boolean written(Waiting each) {
    return each.equals(waiting.get(each.name())) && remove(each.name()).isPresent();
  }

  private synchronized Optional<Waiting> remove(Name name) {
    Optional<Waiting> removed = Optional.ofNullable(waiting.remove(name));
    removed.ifPresent(each -> add(name.namespace(), -each.turn().bytes()));
    return removed;
  }

  private void add(NamespaceId namespace, long bytes) {
    waitingBytes += bytes;
    waitingOf.merge(namespace, bytes, Long::sum);
    waitingOf.remove(namespace, 0L);
  }

  private static byte[] context(NamespaceId namespace, String id) {
    return ("stored response\0" + namespace.text() + "\0" + id).getBytes(StandardCharsets.UTF_8);
  }
}
