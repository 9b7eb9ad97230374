package io.bitrouter.store.row;

import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestStatus;

/** The numbers that stand for enum values in journal and store; never change one. */
public final class Codes {

  /** What {@link RequestStatus#DENIED} is in SQL. */
  public static final int DENIED = 0;

  private Codes() {}

  /** The number of a status. */
  public static int of(RequestStatus status) {
    return switch (status) {
      case DENIED -> DENIED;
      case SUCCEEDED -> 1;
      case FAILED -> 2;
      case CANCELLED -> 3;
      case PENDING -> 4;
      case STREAMING -> 5;
    };
  }

  static RequestStatus status(int code) {
    return switch (code) {
      case DENIED -> RequestStatus.DENIED;
      case 1 -> RequestStatus.SUCCEEDED;
      case 2 -> RequestStatus.FAILED;
      case 3 -> RequestStatus.CANCELLED;
      case 4 -> RequestStatus.PENDING;
      case 5 -> RequestStatus.STREAMING;
      default -> throw new MalformedBytesException("status " + code + " is not known");
    };
  }

  static int of(UsageOrigin origin) {
    return switch (origin) {
      case REPORTED -> 0;
      case ESTIMATED -> 1;
      case NONE -> 2;
    };
  }

  static UsageOrigin origin(int code) {
    return switch (code) {
      case 0 -> UsageOrigin.REPORTED;
      case 1 -> UsageOrigin.ESTIMATED;
      case 2 -> UsageOrigin.NONE;
      default -> throw new MalformedBytesException("usage origin " + code + " is not known");
    };
  }

  static int of(ChargeState state) {
    return switch (state) {
      case COMPUTED -> 0;
      case ESTIMATED -> 1;
      case INDETERMINATE -> 2;
      case NOT_CHARGED -> 3;
    };
  }

  static ChargeState chargeState(int code) {
    return switch (code) {
      case 0 -> ChargeState.COMPUTED;
      case 1 -> ChargeState.ESTIMATED;
      case 2 -> ChargeState.INDETERMINATE;
      default -> ChargeState.NOT_CHARGED;
    };
  }
}
