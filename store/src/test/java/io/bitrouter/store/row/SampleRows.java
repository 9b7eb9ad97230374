package io.bitrouter.store.row;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;

/** Rows of every kind, made from a seed, with whole micro-USD that add up per key. */
public final class SampleRows {

  private static final String HASH =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private final Random random;
  private final Map<KeyId, Long> totals = new HashMap<>();

  /** From a source of randomness. */
  public SampleRows(Random random) {
    this.random = random;
  }

  /** What an ordinary answered request leaves. */
  public RequestRow plain(NamespaceId namespace, KeyId key, long atMicros) {
    long nano = 100_000 + random.nextInt(5_000_000);
    return new RequestRow(
        new RequestId(Ulid.next(atMicros, random)),
        namespace,
        key,
        key,
        Optional.empty(),
        "chat",
        Optional.of("chat"),
        "gpt-4o-mini",
        Optional.of("openai/gpt-4o-mini"),
        Optional.of("gpt-4o-mini"),
        Optional.of("openai"),
        RequestStatus.SUCCEEDED,
        200,
        Optional.empty(),
        Optional.empty(),
        Optional.of("stop"),
        random.nextBoolean(),
        1,
        OptionalLong.of(200 + random.nextInt(500)),
        900 + random.nextInt(5_000),
        200 + random.nextInt(700),
        new MeasuredUsage(
            new TokenUsage(
                200 + random.nextInt(3_000),
                random.nextInt(3) * 128L,
                0,
                0,
                20 + random.nextInt(800),
                0),
            UsageOrigin.REPORTED),
        ChargeState.COMPUTED,
        nano,
        micros(key, nano),
        "2026-01-01",
        new RequestRow.Decision(
            800 + random.nextInt(20_000), OptionalLong.of(4_096), 1, Optional.empty()),
        1);
  }

  /** What a request leaves that was under way when the node died. */
  public RequestRow indeterminate(NamespaceId namespace, KeyId key, long atMicros) {
    RequestRow row = plain(namespace, key, atMicros);
    return new RequestRow(
        row.requestId(),
        namespace,
        key,
        key,
        Optional.empty(),
        row.protocol(),
        row.upstreamProtocol(),
        row.requestedModel(),
        row.modelId(),
        row.upstreamModel(),
        row.providerId(),
        RequestStatus.FAILED,
        503,
        Optional.of("node_restarted"),
        Optional.empty(),
        Optional.empty(),
        row.streamed(),
        1,
        OptionalLong.empty(),
        0,
        0,
        MeasuredUsage.NONE,
        ChargeState.INDETERMINATE,
        row.chargeNanoUsd(),
        row.finalChargeMicroUsd(),
        row.priceVersion(),
        row.decision(),
        1);
  }

  /** Anything a row can be. */
  public RequestRow any(NamespaceId namespace, KeyId key, long atMicros) {
    RequestStatus status = pick(RequestStatus.values());
    boolean denied = status == RequestStatus.DENIED;
    Optional<String> model = maybe(() -> "openai/gpt-" + random.nextInt(4));
    Optional<String> upstream = maybe(() -> "gpt-" + random.nextInt(4));
    long nano = denied ? 0 : Math.abs(random.nextLong() >> 20 + random.nextInt(30));
    return new RequestRow(
        new RequestId(Ulid.next(atMicros, random)),
        namespace,
        key,
        random.nextInt(4) == 0 ? key : new KeyId("key_root"),
        maybe(() -> "client-" + random.nextInt(1_000)),
        pick(new String[] {"chat", "messages", ""}),
        maybe(() -> "messages"),
        pick(
            new String[] {
              "", "héllo 🚀", "x".repeat(256), model.orElse("none"), upstream.orElse("none")
            }),
        model,
        upstream,
        maybe(() -> pick(new String[] {"openai", "anthropic", ""})),
        status,
        pick(new Integer[] {200, 400, 402, 429, 499, 503}),
        maybe(() -> pick(new String[] {"rate_limited", "own_code", ""})),
        maybe(() -> "pol_" + random.nextInt(9)),
        maybe(() -> pick(new String[] {"stop", "end_turn", "an unusual word"})),
        random.nextBoolean(),
        random.nextInt(4),
        random.nextBoolean() ? OptionalLong.of(random.nextInt(5_000)) : OptionalLong.empty(),
        random.nextInt(100_000),
        random.nextInt(5_000_000),
        new MeasuredUsage(
            new TokenUsage(tokens(), tokens(), tokens(), tokens(), tokens(), tokens()),
            pick(UsageOrigin.values())),
        pick(ChargeState.values()),
        nano,
        micros(key, nano),
        pick(new String[] {"2026-01-01", ""}),
        new RequestRow.Decision(
            random.nextInt(1 << 24),
            random.nextBoolean() ? OptionalLong.of(random.nextInt(9_999)) : OptionalLong.empty(),
            pick(new Integer[] {1, 1, 0, 5}),
            maybe(() -> pick(new String[] {HASH, "not a hash", HASH.replace("f", "F")}))),
        denied ? 1 + random.nextInt(60) : 1);
  }

  /** A key's charges so far, nano-USD. */
  public Map<KeyId, Long> totals() {
    return totals;
  }

  private long micros(KeyId key, long nano) {
    long before = totals.getOrDefault(key, 0L);
    totals.put(key, before + nano);
    return Math.floorDiv(before + nano, 1_000) - Math.floorDiv(before, 1_000);
  }

  private long tokens() {
    return random.nextInt(3) == 0 ? random.nextInt(100_000) : 0;
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> T pick(T[] values) {
    return List.of(values).get(random.nextInt(values.length));
  }
}
