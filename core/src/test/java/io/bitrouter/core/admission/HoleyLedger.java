package io.bitrouter.core.admission;

import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A plain ledger with one hole, or with none. */
final class HoleyLedger implements LedgerUnderTest {

  /** What is wrong with it. */
  enum Hole {
    NONE,
    LOCK_OFF,
    REFUND_DROPPED,
    ANCESTOR_SKIPPED,
    REFUSED_COUNTED,
    FRACTIONS_SHARED
  }

  private static final class Book {
    private final Map<Long, AtomicLong> slots = new ConcurrentHashMap<>();
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong charged = new AtomicLong();

    long settled(long firstSlot) {
      return slots.entrySet().stream()
          .filter(slot -> slot.getKey() >= firstSlot)
          .mapToLong(slot -> slot.getValue().get())
          .sum();
    }
  }

  private final Ticker ticker;
  private final Hole hole;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Principal, Book> books = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  HoleyLedger(Ticker ticker, Hole hole) {
    this.ticker = ticker;
    this.hole = hole;
  }

  @Override
  public Optional<Held> reserve(AdmissionRequest request) {
    lock();
    try {
      long worst = request.need().worst();
      boolean fits = true;
      for (Metered<Budget> budget : request.policy().budgets()) {
        Book book = book(budget.source().principal());
        long first = budget.clause().window().firstSlot(ticker.epochMicros());
        fits &= book.settled(first) + book.reserved.get() + worst <= budget.clause().limitNanoUsd();
      }
      if (hole == Hole.LOCK_OFF) {
        LockSupport.parkNanos(1);
      }
      if (fits || hole == Hole.REFUSED_COUNTED) {
        requests.incrementAndGet();
      }
      if (!fits) {
        return Optional.empty();
      }
      List<Book> lineage = lineage(request);
      lineage.forEach(book -> {
        book.reserved.addAndGet(worst);
        book.inFlight.incrementAndGet();
      });
      return Optional.of(nanoUsd -> settle(request, lineage, nanoUsd));
    } finally {
      unlock();
    }
  }

  private long settle(AdmissionRequest request, List<Book> lineage, long nanoUsd) {
    lock();
    try {
      long slot = Math.floorDiv(request.startedAtMicros(), BudgetWindow.SLOT_MICROS);
      for (Book book : lineage) {
        book.reserved.addAndGet(hole == Hole.REFUND_DROPPED ? -nanoUsd : -request.need().worst());
        book.inFlight.decrementAndGet();
        book.slots.computeIfAbsent(slot, unused -> new AtomicLong()).addAndGet(nanoUsd);
      }
      if (hole == Hole.FRACTIONS_SHARED) {
        lineage.forEach(book -> book.charged.addAndGet(nanoUsd));
        long now = lineage.getFirst().charged.get();
        return Money.wholeMicros(now) - Money.wholeMicros(now - nanoUsd);
      }
      long now = lineage.getFirst().charged.addAndGet(nanoUsd);
      return Money.wholeMicros(now) - Money.wholeMicros(now - nanoUsd);
    } finally {
      unlock();
    }
  }

  private List<Book> lineage(AdmissionRequest request) {
    List<Book> lineage = new ArrayList<>();
    lineage.add(book(Principal.of(request.key().id())));
    if (hole != Hole.ANCESTOR_SKIPPED) {
      request.key().ancestors().forEach(key -> lineage.add(book(Principal.of(key))));
    }
    lineage.add(book(Principal.of(request.key().namespace())));
    return lineage;
  }

  @Override
  public Figures figures(Principal principal, BudgetWindow window) {
    lock();
    try {
      Book book = book(principal);
      return new Figures(
          book.settled(window.firstSlot(ticker.epochMicros())),
          book.reserved.get(),
          Math.toIntExact(book.inFlight.get()));
    } finally {
      unlock();
    }
  }

  @Override
  public long requests() {
    return requests.get();
  }

  private Book book(Principal principal) {
    return books.computeIfAbsent(principal, unused -> new Book());
  }

  private void lock() {
    if (hole != Hole.LOCK_OFF) {
      lock.lock();
    }
  }

  private void unlock() {
    if (hole != Hole.LOCK_OFF) {
      lock.unlock();
    }
  }
}
