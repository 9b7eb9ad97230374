package io.bitrouter.it.sequence;

import java.util.Set;

/**
 * What an answer has to be.
 *
 * @param status HTTP status
 * @param code the error's code, empty for none
 * @param policies ids of the policies of which one is named; empty when none is
 */
record Expected(int status, String code, Set<String> policies) {

  static final Expected OK = new Expected(200, "", Set.of());
  static final Expected NOT_FOUND = refused(404, "not_found");
  static final Expected FORBIDDEN = refused(403, "forbidden");
  static final Expected CONFLICT = refused(409, "conflict");

  static Expected refused(int status, String code) {
    return new Expected(status, code, Set.of());
  }

  boolean ok() {
    return status == 200;
  }

  @Override
  public String toString() {
    return ok() ? "200" : status + " " + code;
  }
}
