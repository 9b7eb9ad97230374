package io.bitrouter.it.rules;

import io.bitrouter.testkit.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * What a budget owes those who work under it: it is not passed, it is used before anybody is
 * refused, and nobody is refused for anything else. Amounts are micro-USD. Pure.
 *
 * @param limit of the budget
 * @param over how far it may be passed
 * @param percent how much of it is spent when somebody is refused for the first time
 */
record BudgetJudgement(long limit, long over, long percent) {

  /** What can be wrong. */
  enum Fault {
    /** More was spent than may be. */
    OVERSPENT,
    /** Somebody was refused while too much was left. */
    REFUSED_EARLY,
    /** Somebody was refused for something else than that it is spent, or cut. */
    FALSELY_REFUSED,
    /** Nobody was refused, so that nothing is proven. */
    NOBODY_REFUSED,
    /** The budget says that something else was spent than what the answers cost. */
    OTHER_THAN_BILLED,
    /** Something is held though nothing runs. */
    STILL_RESERVED
  }

  /**
   * A request that was not answered in full.
   *
   * @param settled what the budget said was spent, right after that
   */
  record Refused(int status, String code, long settled) {
    static Refused of(Reply reply, long settled) {
      String code = reply.status() == 200 ? "cut" : reply.json().at("/error/code").asString("none");
      return new Refused(reply.status(), code, settled);
    }

    /** For the reason that the budget is spent. */
    boolean spent() {
      return status == 402 && code.equals("budget_exceeded");
    }
  }

  /**
   * How it ended.
   *
   * @param billed what the answers cost together
   * @param settled what the budget says was spent
   * @param reserved what it says is held
   */
  record End(long billed, long settled, long reserved) {}

  /** All that is wrong. */
  List<Fault> faults(List<Refused> refused, End end) {
    List<Fault> faults = new ArrayList<>();
    if (Math.max(end.billed(), end.settled()) > limit + over) {
      faults.add(Fault.OVERSPENT);
    }
    if (refused.isEmpty()) {
      faults.add(Fault.NOBODY_REFUSED);
    }
    if (refused.stream().anyMatch(one -> one.spent() && one.settled() < limit * percent / 100)) {
      faults.add(Fault.REFUSED_EARLY);
    }
    if (!refused.stream().allMatch(Refused::spent)) {
      faults.add(Fault.FALSELY_REFUSED);
    }
    if (end.billed() != end.settled()) {
      faults.add(Fault.OTHER_THAN_BILLED);
    }
    if (end.reserved() != 0) {
      faults.add(Fault.STILL_RESERVED);
    }
    return faults;
  }
}
