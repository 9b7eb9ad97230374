package io.bitrouter.wire.json;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the members that the gateway needs from a request body, in one pass and without a tree.
 *
 * <p>Refused with 400 are: bytes that are not UTF-8, a byte order mark, anything that is not one
 * JSON object, a member that occurs twice at the top level or in {@code stream_options} (however
 * its name is escaped: what is judged must be what the upstream reads), values of the wrong type
 * and values out of range. Null means absent, except for {@code model}. Thread-safe.
 */
public final class RequestScanner {

  /** Most characters of a model name. */
  public static final int MAX_MODEL_LENGTH = 256;

  /** Most answers that can be asked for. */
  public static final int MAX_CHOICES = 128;

  /** Largest number of output tokens a request can allow. */
  public static final long MAX_OUTPUT_TOKENS = Integer.MAX_VALUE;

  /** Most members at the top level. */
  public static final int MAX_MEMBERS = 1_024;

  private final Map<String, RequestMember> members;

  /** A scanner that reads {@code members} and passes over all others. */
  public RequestScanner(Set<RequestMember> members) {
    this.members =
        members.stream().collect(Collectors.toMap(RequestMember::text, Function.identity()));
  }

  /** Reads {@code body}; the refusal names the member, or the place, and what is wrong there. */
  public Outcome<RequestScan> scan(byte[] body) {
    String encoding = encodingFault(body);
    if (!encoding.isEmpty()) {
      return Outcome.refused(Refusal.of(RefusalCode.INVALID_REQUEST, encoding));
    }
    try {
      return Outcome.done(new ScanPass(body, members).scan());
    } catch (RequestFault fault) {
      return Outcome.refused(fault.refusal());
    }
  }

  /** What is wrong with the bytes as text, empty when nothing is. */
  private static String encodingFault(byte[] body) {
    if (body.length == 0) {
      return "the body is empty: send a JSON object";
    }
    if (body.length >= 3
        && Arrays.equals(body, 0, 3, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, 0, 3)) {
      return "the body begins with a byte order mark: send UTF-8 without one";
    }
    int invalid = Utf8.firstInvalid(body, 0, body.length);
    return invalid < 0 ? "" : "the body is not valid UTF-8 at byte " + invalid;
  }
}
