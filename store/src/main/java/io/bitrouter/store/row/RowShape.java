package io.bitrouter.store.row;

import io.bitrouter.core.usage.RequestRow;
import java.util.Optional;

/**
 * The part of a row that many rows share: who spoke what, which model of which provider, at which
 * prices. There are few of them because the configuration, not the client, chooses the values.
 *
 * @param protocol protocol name the client spoke
 * @param upstreamProtocol protocol name the upstream spoke
 * @param modelId canonical model
 * @param upstreamModel model name sent upstream
 * @param providerId the provider
 * @param priceVersion version of the price table
 */
public record RowShape(
    String protocol,
    Optional<String> upstreamProtocol,
    Optional<String> modelId,
    Optional<String> upstreamModel,
    Optional<String> providerId,
    String priceVersion) {

  private static final int UPSTREAM_PROTOCOL = 1;
  private static final int MODEL_ID = 2;
  private static final int UPSTREAM_MODEL = 4;
  private static final int PROVIDER_ID = 8;

  /** The shape of a row. */
  static RowShape of(RequestRow row) {
    return new RowShape(
        Texts.bounded(row.protocol()),
        row.upstreamProtocol().map(Texts::bounded),
        row.modelId().map(Texts::bounded),
        row.upstreamModel().map(Texts::bounded),
        row.providerId().map(Texts::bounded),
        Texts.bounded(row.priceVersion()));
  }

  /** Writes it. */
  void write(ByteWriter out) {
    out.u8(
        (upstreamProtocol.isPresent() ? UPSTREAM_PROTOCOL : 0)
            | (modelId.isPresent() ? MODEL_ID : 0)
            | (upstreamModel.isPresent() ? UPSTREAM_MODEL : 0)
            | (providerId.isPresent() ? PROVIDER_ID : 0));
    out.text(protocol);
    upstreamProtocol.ifPresent(out::text);
    modelId.ifPresent(out::text);
    upstreamModel.ifPresent(out::text);
    providerId.ifPresent(out::text);
    out.text(priceVersion);
  }

  /** The bytes of it. */
  public Bytes bytes() {
    ByteWriter out = new ByteWriter(128);
    write(out);
    return new Bytes(out.toByteArray());
  }

  /** Reads what {@link #write} wrote. */
  public static RowShape read(ByteReader in) {
    int present = in.u8();
    return new RowShape(
        in.text(),
        optional(in, present, UPSTREAM_PROTOCOL),
        optional(in, present, MODEL_ID),
        optional(in, present, UPSTREAM_MODEL),
        optional(in, present, PROVIDER_ID),
        in.text());
  }

  private static Optional<String> optional(ByteReader in, int present, int bit) {
    return (present & bit) == 0 ? Optional.empty() : Optional.of(in.text());
  }
}
