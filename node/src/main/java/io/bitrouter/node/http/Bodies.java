package io.bitrouter.node.http;

import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.wire.control.Keys.ApiKeyInfo;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Namespaces.NamespaceInfo;
import io.bitrouter.wire.control.Usage;
import io.bitrouter.wire.control.Usage.RequestDecision;
import io.bitrouter.wire.control.Usage.RequestTokens;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns what the core knows into the bodies of the control plane. */
final class Bodies {

  private static final long MICROS_A_SECOND = 1_000_000L;

  private Bodies() {}

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static long micros(Instant instant) {
    return instant.getEpochSecond() * MICROS_A_SECOND + instant.getNano() / 1_000;
  }

  static NamespaceInfo namespace(Namespace namespace) {
    return new NamespaceInfo(
        namespace.id().text(), namespace.name(), instant(namespace.createdAtMicros()));
  }

  static ApiKeyInfo key(KeyRecord key) {
    return new ApiKeyInfo(
        key.id().text(),
        key.name(),
        prefix(key),
        key.scopes().tokens(),
        key.parent().map(parent -> parent.text()),
        key.root().text(),
        instant(key.expiresAtMicros()),
        instant(key.lastUsedAtMicros()),
        instant(key.revokedAtMicros()),
        instant(key.createdAtMicros()));
  }

  /** A dry run's has no token: one that nothing was stored for would open nothing. */
  static MintedKey minted(KeyMinter.Minted minted, boolean dryRun) {
    KeyRecord key = minted.key();
    return new MintedKey(
        dryRun ? "" : minted.token().whole().reveal(),
        key.id().text(),
        prefix(key),
        key.name(),
        key.scopes().tokens(),
        instant(key.expiresAtMicros()));
  }

  static Usage.RequestRow row(RequestRow row) {
    Instant started = instant(row.startedAtMicros());
    TokenUsage tokens = row.usage().tokens();
    boolean charged = row.status() != RequestStatus.DENIED;
    return new Usage.RequestRow(
        row.requestId().toString(),
        row.requestId().toString(),
        row.status().text(),
        row.modelId(),
        row.providerId(),
        tokens.promptTokens(),
        tokens.completionTokens(),
        charged ? Optional.of(row.finalChargeMicroUsd()) : Optional.empty(),
        Optional.of(row.streamed()),
        started,
        Optional.of(started.plusMillis(row.totalMillis())),
        started,
        row.namespace().text(),
        row.key().text(),
        row.rootKey().text(),
        row.clientRequestId(),
        row.protocol(),
        row.upstreamProtocol(),
        Optional.of(row.requestedModel()).filter(model -> !model.isEmpty()),
        row.upstreamModel(),
        row.httpStatus(),
        row.code(),
        row.policyId(),
        row.finishReason(),
        row.attempts(),
        boxed(row.ttftMillis()),
        row.totalMillis(),
        row.overheadMicros(),
        new RequestTokens(
            tokens.uncachedInput(),
            tokens.cacheRead(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.output(),
            tokens.reasoning()),
        row.usage().origin().text(),
        row.chargeState().text(),
        row.chargeNanoUsd(),
        Optional.of(row.priceVersion()).filter(version -> !version.isEmpty()),
        decision(row.decision()),
        row.repeatCount());
  }

  private static Optional<RequestDecision> decision(RequestRow.Decision decision) {
    return decision.equals(RequestRow.Decision.NONE)
        ? Optional.empty()
        : Optional.of(
            new RequestDecision(
                decision.inputBytes(),
                boxed(decision.declaredOutput()),
                decision.choices(),
                decision.toolsSha256()));
  }

  /** The public part of the key's newest token. */
  private static String prefix(KeyRecord key) {
    return "brk_" + key.newest().tokenId();
  }

  static Optional<Instant> instant(OptionalLong micros) {
    return micros.isPresent() ? Optional.of(instant(micros.getAsLong())) : Optional.empty();
  }

  static OptionalLong micros(Optional<Instant> time) {
    return time.isPresent() ? OptionalLong.of(micros(time.get())) : OptionalLong.empty();
  }

  static Optional<Long> boxed(OptionalLong value) {
    return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
  }
}
