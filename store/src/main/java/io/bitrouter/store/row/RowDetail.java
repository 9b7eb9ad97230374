package io.bitrouter.store.row;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of a row that nothing is summed or sorted by, packed: a version, bits that say what
 * differs from the usual, then only that. Stored for ever, so a change takes a new version.
 */
final class RowDetail {

  private static final int VERSION = 1;

  private static final int STREAMED = 1;
  private static final int STATUS_200 = 1 << 1;
  private static final int ONE_ATTEMPT = 1 << 2;
  private static final int TTFT = 1 << 3;
  private static final int DECLARED = 1 << 4;
  private static final int TOOLS_HASH = 1 << 5;
  private static final int REQUESTED_IS_UPSTREAM = 1 << 6;
  private static final int REQUESTED_IS_MODEL = 1 << 7;
  private static final int FINISH = 1 << 8;
  private static final int CACHE = 1 << 9;
  private static final int REASONING = 1 << 10;
  private static final int CODE = 1 << 11;
  private static final int CLIENT_ID = 1 << 12;
  private static final int CHOICES = 1 << 13;
  private static final int TOOLS_TEXT = 1 << 14;
  private static final int ORIGIN_SHIFT = 15;
  private static final int STATE_SHIFT = 17;
  private static final int STATE_MASK = 3;
  private static final int POLICY = 1 << 19;

  private static final int HASH_BYTES = 32;

  private RowDetail() {}

  /** Writes the detail of {@code row}. */
  static void write(ByteWriter out, RequestRow row, RowShape shape) {
    TokenUsage tokens = row.usage().tokens();
    String requested = Texts.bounded(row.requestedModel());
    int bits = bits(row, shape, requested);
    out.u8(VERSION);
    out.varint(bits);
    out.varint(row.totalMillis());
    out.varint(row.overheadMicros());
    out.varint(row.decision().inputBytes());
    if (!has(bits, STATUS_200)) {
      out.varint(row.httpStatus());
    }
    if (!has(bits, ONE_ATTEMPT)) {
      out.varint(row.attempts());
    }
    row.ttftMillis().ifPresent(out::varint);
    row.decision().declaredOutput().ifPresent(out::varint);
    if (has(bits, CHOICES)) {
      out.zigzag(row.decision().choices());
    }
    if (has(bits, CACHE)) {
      out.varint(tokens.cacheRead());
      out.varint(tokens.cacheWrite5m());
      out.varint(tokens.cacheWrite1h());
    }
    if (has(bits, REASONING)) {
      out.varint(tokens.reasoning());
    }
    if (!has(bits, REQUESTED_IS_MODEL) && !has(bits, REQUESTED_IS_UPSTREAM)) {
      out.text(requested);
    }
    row.finishReason().ifPresent(word -> Texts.writeWord(out, word));
    row.code().ifPresent(word -> Texts.writeWord(out, word));
    row.clientRequestId().ifPresent(id -> out.text(Texts.bounded(id)));
    row.decision().toolsSha256().ifPresent(hash -> writeHash(out, hash));
    row.policyId().ifPresent(id -> out.text(Texts.bounded(id)));
  }

  private static int bits(RequestRow row, RowShape shape, String requested) {
    TokenUsage tokens = row.usage().tokens();
    boolean isUpstream = shape.upstreamModel().filter(requested::equals).isPresent();
    boolean isModel = !isUpstream && shape.modelId().filter(requested::equals).isPresent();
    boolean cache = tokens.cacheRead() + tokens.cacheWrite5m() + tokens.cacheWrite1h() > 0;
    Optional<String> hash = row.decision().toolsSha256();
    return bit(row.streamed(), STREAMED)
        | bit(row.httpStatus() == 200, STATUS_200)
        | bit(row.attempts() == 1, ONE_ATTEMPT)
        | bit(row.ttftMillis().isPresent(), TTFT)
        | bit(row.decision().declaredOutput().isPresent(), DECLARED)
        | bit(hash.isPresent() && isHash(hash.get()), TOOLS_HASH)
        | bit(hash.isPresent() && !isHash(hash.get()), TOOLS_TEXT)
        | bit(isUpstream, REQUESTED_IS_UPSTREAM)
        | bit(isModel, REQUESTED_IS_MODEL)
        | bit(row.finishReason().isPresent(), FINISH)
        | bit(cache, CACHE)
        | bit(tokens.reasoning() > 0, REASONING)
        | bit(row.code().isPresent(), CODE)
        | bit(row.clientRequestId().isPresent(), CLIENT_ID)
        | bit(row.decision().choices() != 1, CHOICES)
        | bit(row.policyId().isPresent(), POLICY)
        | Codes.of(row.usage().origin()) << ORIGIN_SHIFT
        | Codes.of(row.chargeState()) << STATE_SHIFT;
  }

  /** Reads a detail and puts the row together with what stands in columns. */
  static RequestRow read(ByteReader in, StoredRow stored, RowShape shape) {
    int bits = readBits(in);
    long totalMillis = in.varint();
    long overheadMicros = in.varint();
    long inputBytes = in.varint();
    int httpStatus = has(bits, STATUS_200) ? 200 : (int) in.varint();
    int attempts = has(bits, ONE_ATTEMPT) ? 1 : (int) in.varint();
    OptionalLong ttft = optionalNumber(in, bits, TTFT);
    OptionalLong declared = optionalNumber(in, bits, DECLARED);
    int choices = has(bits, CHOICES) ? (int) in.zigzag() : 1;
    TokenUsage tokens = tokens(in, bits, stored);
    String requested = requested(in, bits, shape);
    Optional<String> finish =
        has(bits, FINISH) ? Optional.of(Texts.readWord(in)) : Optional.empty();
    Optional<String> code = has(bits, CODE) ? Optional.of(Texts.readWord(in)) : Optional.empty();
    Optional<String> client = has(bits, CLIENT_ID) ? Optional.of(in.text()) : Optional.empty();
    RequestStatus status = Codes.status(stored.status());
    UsageOrigin origin = Codes.origin(bits >>> ORIGIN_SHIFT & 3);
    Optional<String> hash = hash(in, bits);
    Optional<String> policy = has(bits, POLICY) ? Optional.of(in.text()) : Optional.empty();
    return new RequestRow(
        stored.requestId(),
        stored.namespace(),
        stored.key(),
        stored.rootKey(),
        client,
        shape.protocol(),
        shape.upstreamProtocol(),
        requested,
        shape.modelId(),
        shape.upstreamModel(),
        shape.providerId(),
        status,
        httpStatus,
        code,
        policy,
        finish,
        has(bits, STREAMED),
        attempts,
        ttft,
        totalMillis,
        overheadMicros,
        new MeasuredUsage(tokens, origin),
        state(bits),
        stored.nanoUsd(),
        stored.microUsd(),
        shape.priceVersion(),
        new RequestRow.Decision(inputBytes, declared, choices, hash),
        stored.repeats());
  }

  private static int readBits(ByteReader in) {
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedBytesException("detail version " + version + " is not known");
    }
    return (int) in.varint();
  }

  private static ChargeState state(int bits) {
    return Codes.chargeState(bits >>> STATE_SHIFT & STATE_MASK);
  }

  /** How sure the charge of the row with this detail is. */
  static ChargeState chargeState(ByteReader in) {
    return state(readBits(in));
  }

  /** The detail that {@code in} stands before, with another charge state. */
  static byte[] withChargeState(ByteReader in, ChargeState state) {
    int bits = readBits(in) & ~(STATE_MASK << STATE_SHIFT) | Codes.of(state) << STATE_SHIFT;
    ByteWriter out = new ByteWriter(in.remaining() + 8);
    out.u8(VERSION);
    out.varint(bits);
    int rest = in.remaining();
    out.raw(in.raw(rest), 0, rest);
    return out.toByteArray();
  }

  private static TokenUsage tokens(ByteReader in, int bits, StoredRow stored) {
    boolean cache = has(bits, CACHE);
    long read = cache ? in.varint() : 0;
    long write5m = cache ? in.varint() : 0;
    long write1h = cache ? in.varint() : 0;
    long reasoning = has(bits, REASONING) ? in.varint() : 0;
    long uncached = stored.promptTokens() - read - write5m - write1h;
    return new TokenUsage(
        uncached, read, write5m, write1h, stored.completionTokens() - reasoning, reasoning);
  }

  private static String requested(ByteReader in, int bits, RowShape shape) {
    if (has(bits, REQUESTED_IS_UPSTREAM)) {
      return shape.upstreamModel().orElse("");
    }
    return has(bits, REQUESTED_IS_MODEL) ? shape.modelId().orElse("") : in.text();
  }

  private static OptionalLong optionalNumber(ByteReader in, int bits, int bit) {
    return has(bits, bit) ? OptionalLong.of(in.varint()) : OptionalLong.empty();
  }

  private static void writeHash(ByteWriter out, String hash) {
    if (isHash(hash)) {
      out.raw(HexFormat.of().parseHex(hash), 0, HASH_BYTES);
    } else {
      out.text(Texts.bounded(hash));
    }
  }

  private static Optional<String> hash(ByteReader in, int bits) {
    if (has(bits, TOOLS_HASH)) {
      return Optional.of(HexFormat.of().formatHex(in.raw(HASH_BYTES)));
    }
    return has(bits, TOOLS_TEXT) ? Optional.of(in.text()) : Optional.empty();
  }

  private static boolean isHash(String text) {
    if (text.length() != 2 * HASH_BYTES) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static int bit(boolean set, int bit) {
    return set ? bit : 0;
  }

  private static boolean has(int bits, int bit) {
    return (bits & bit) != 0;
  }
}
