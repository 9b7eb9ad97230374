package io.bitrouter.wire.translate;

import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;

/** A request that cannot be read as its protocol's, or cannot be said in the upstream's. */
public final class Untranslatable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String member;

  /**
   * Blames a member.
   *
   * @param member its path: {@code messages[2].content[0].image_url}
   * @param reason what is wrong with it and what would be right, without a member's value
   */
  public Untranslatable(String member, String reason) {
    super(reason);
    this.member = member;
  }

  /** The path of the member. */
  public String member() {
    return member;
  }

  /** What the client is told: 400. */
  public Refusal refusal() {
    return Refusal.of(RefusalCode.INVALID_REQUEST, member + ": " + getMessage()).withParam(member);
  }
}
