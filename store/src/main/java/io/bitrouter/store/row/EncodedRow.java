package io.bitrouter.store.row;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import java.util.Arrays;

/**
 * A row as it travels from the journal into the store: cut into parts, but not decoded further than
 * the store needs, because that is most of what a row costs.
 *
 * @param id the request
 * @param who namespace, key and root key, see {@link Who}
 * @param shape see {@link RowShape}
 * @param status see {@link Codes}
 * @param repeats how many equal denials it stands for
 * @param promptTokens sum of the input buckets
 * @param completionTokens output and reasoning
 * @param nanoUsd cost in nano-USD
 * @param microUsd increment of the key's whole micro-USD
 * @param detail everything else
 */
public record EncodedRow(
    Ulid id,
    Bytes who,
    Bytes shape,
    int status,
    long repeats,
    long promptTokens,
    long completionTokens,
    long nanoUsd,
    long microUsd,
    byte[] detail) {

  /** Whose request it was. */
  public record Who(NamespaceId namespace, KeyId key, KeyId rootKey) {

    /** The bytes that stand for it in an encoded row. */
    public Bytes bytes() {
      ByteWriter out = new ByteWriter(96);
      write(out);
      return new Bytes(out.toByteArray());
    }

    private void write(ByteWriter out) {
      out.text(namespace.text());
      out.text(key.text());
      out.text(rootKey.text());
    }

    /** Reads what {@link #bytes} made. */
    public static Who read(Bytes bytes) {
      ByteReader in = new ByteReader(bytes.array(), 0, bytes.array().length);
      return new Who(new NamespaceId(in.text()), new KeyId(in.text()), new KeyId(in.text()));
    }
  }

  /** Writes a row in the form that {@link #read} cuts up. */
  public static void write(ByteWriter out, RequestRow row) {
    TokenUsage tokens = row.usage().tokens();
    RowShape shape = RowShape.of(row);
    out.u64(row.requestId().ulid().high());
    out.u64(row.requestId().ulid().low());
    new Who(row.namespace(), row.key(), row.rootKey()).write(out);
    shape.write(out);
    out.u8(Codes.of(row.status()));
    out.varint(row.repeatCount());
    out.varint(tokens.promptTokens());
    out.varint(tokens.completionTokens());
    out.zigzag(row.chargeNanoUsd());
    out.zigzag(row.finalChargeMicroUsd());
    RowDetail.write(out, row, shape);
  }

  /**
   * Cuts up a record.
   *
   * @throws MalformedBytesException when it is not one
   */
  public static EncodedRow read(byte[] bytes, int from, int end) {
    ByteReader in = new ByteReader(bytes, from, end);
    Ulid id = new Ulid(in.u64(), in.u64());
    int whoAt = in.position();
    in.skipText();
    in.skipText();
    in.skipText();
    int shapeAt = in.position();
    int present = in.u8();
    for (int texts = 2 + Integer.bitCount(present); texts > 0; texts--) {
      in.skipText();
    }
    int numbersAt = in.position();
    return new EncodedRow(
        id,
        part(bytes, whoAt, shapeAt),
        part(bytes, shapeAt, numbersAt),
        in.u8(),
        in.varint(),
        in.varint(),
        in.varint(),
        in.zigzag(),
        in.zigzag(),
        in.raw(in.remaining()));
  }

  private static Bytes part(byte[] bytes, int from, int end) {
    return new Bytes(Arrays.copyOfRange(bytes, from, end));
  }

  /** Whether its charge is not known until somebody says it. */
  public boolean indeterminate() {
    return RowDetail.chargeState(new ByteReader(detail, 0, detail.length))
        == ChargeState.INDETERMINATE;
  }

  /** A detail as it is with another charge state. */
  public static byte[] withChargeState(byte[] detail, int from, ChargeState state) {
    return RowDetail.withChargeState(new ByteReader(detail, from, detail.length), state);
  }

  /** The row itself. */
  public RequestRow decoded() {
    Who whose = Who.read(who);
    StoredRow stored =
        new StoredRow(
            new RequestId(id),
            whose.namespace(),
            whose.key(),
            whose.rootKey(),
            status,
            repeats,
            promptTokens,
            completionTokens,
            nanoUsd,
            microUsd);
    return decode(
        stored, RowShape.read(new ByteReader(shape.array(), 0, shape.array().length)), detail);
  }

  /** Puts a row together from its columns, its shape and its detail. */
  public static RequestRow decode(StoredRow stored, RowShape shape, byte[] detail) {
    return RowDetail.read(new ByteReader(detail, 0, detail.length), stored, shape);
  }
}
