package io.bitrouter.store.journal;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.row.ByteReader;
import io.bitrouter.store.row.ByteWriter;
import io.bitrouter.store.row.EncodedRow;
import io.bitrouter.store.row.MalformedBytesException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Records as bytes: {@code u32 length of the payload, u32 CRC-32C of type and payload, u8 type,
 * payload}, numbers big-endian. Every payload starts with the 16 bytes of the request id.
 */
final class RecordCodec {

  /** Bytes before the payload. */
  static final int HEAD = 9;

  /** Longest payload that a reader believes in. */
  static final int LONGEST = 256 * 1024;

  static final int OPEN = 1;
  static final int DISPATCH = 2;
  static final int CLOSE = 3;
  static final int VOID = 4;
  static final int EXTEND = 5;

  private static final int TYPICAL = 512;
  private static final int LONGEST_TEXT = 1_024;

  private RecordCodec() {}

  /** The bytes of several records, one after the other. */
  static ByteWriter encode(List<JournalRecord> records) {
    ByteWriter out = new ByteWriter(TYPICAL * records.size());
    CRC32C crc = new CRC32C();
    for (JournalRecord each : records) {
      int start = out.length();
      out.u64(0);
      switch (each) {
        case JournalRecord.Open open -> write(out, open);
        case JournalRecord.Dispatch dispatch -> write(out, dispatch);
        case JournalRecord.Close(RequestRow row) -> {
          out.u8(CLOSE);
          EncodedRow.write(out, row);
        }
        case JournalRecord.Void(RequestId id) -> {
          out.u8(VOID);
          write(out, id);
        }
        case JournalRecord.Extend(RequestId id, long reserved) -> {
          out.u8(EXTEND);
          write(out, id);
          out.zigzag(reserved);
        }
      }
      crc.reset();
      crc.update(out.array(), start + HEAD - 1, out.length() - start - HEAD + 1);
      out.putU32(start, out.length() - start - HEAD);
      out.putU32(start + Integer.BYTES, (int) crc.getValue());
    }
    return out;
  }

  private static void write(ByteWriter out, RequestId id) {
    out.u64(id.ulid().high());
    out.u64(id.ulid().low());
  }

  private static void write(ByteWriter out, JournalRecord.Open open) {
    out.u8(OPEN);
    write(out, open.requestId());
    out.text(open.namespace().text());
    out.text(open.key().text());
    out.text(open.rootKey().text());
    text(out, open.protocol());
    text(out, open.requestedModel());
    out.u8(open.streamed() ? 1 : 0);
    out.zigzag(open.reservedNanoUsd());
    RequestRow.Decision decision = open.decision();
    out.varint(decision.inputBytes());
    out.u8(
        (decision.declaredOutput().isPresent() ? 1 : 0)
            | (decision.toolsSha256().isPresent() ? 2 : 0)
            | (open.clientRequestId().isPresent() ? 4 : 0));
    decision.declaredOutput().ifPresent(out::varint);
    out.zigzag(decision.choices());
    decision.toolsSha256().ifPresent(hash -> text(out, hash));
    open.clientRequestId().ifPresent(own -> text(out, own));
  }

  private static void write(ByteWriter out, JournalRecord.Dispatch dispatch) {
    out.u8(DISPATCH);
    write(out, dispatch.requestId());
    out.varint(dispatch.attempt());
    text(out, dispatch.providerId());
    text(out, dispatch.modelId());
    text(out, dispatch.upstreamModel());
    text(out, dispatch.upstreamProtocol());
    text(out, dispatch.priceVersion());
  }

  private static void text(ByteWriter out, String text) {
    out.text(text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT));
  }

  /** The request that a payload is about. */
  static Ulid id(byte[] bytes, int from, int end) {
    ByteReader in = new ByteReader(bytes, from, end);
    return new Ulid(in.u64(), in.u64());
  }

  /**
   * The record in {@code bytes} from {@code from} to {@code end}.
   *
   * @throws MalformedBytesException when it is none of this version
   */
  static JournalRecord decode(int type, byte[] bytes, int from, int end) {
    ByteReader in = new ByteReader(bytes, from, end);
    return switch (type) {
      case OPEN -> open(in);
      case DISPATCH ->
          new JournalRecord.Dispatch(
              requestId(in),
              (int) in.varint(),
              in.text(),
              in.text(),
              in.text(),
              in.text(),
              in.text());
      case CLOSE -> new JournalRecord.Close(EncodedRow.read(bytes, from, end).decoded());
      case VOID -> new JournalRecord.Void(requestId(in));
      case EXTEND -> new JournalRecord.Extend(requestId(in), in.zigzag());
      default -> throw new MalformedBytesException("record type " + type + " is not known");
    };
  }

  private static RequestId requestId(ByteReader in) {
    return new RequestId(new Ulid(in.u64(), in.u64()));
  }

  private static JournalRecord.Open open(ByteReader in) {
    RequestId id = requestId(in);
    NamespaceId namespace = new NamespaceId(in.text());
    KeyId key = new KeyId(in.text());
    KeyId root = new KeyId(in.text());
    String protocol = in.text();
    String model = in.text();
    boolean streamed = in.u8() == 1;
    long reserved = in.zigzag();
    long inputBytes = in.varint();
    int present = in.u8();
    OptionalLong declared =
        (present & 1) != 0 ? OptionalLong.of(in.varint()) : OptionalLong.empty();
    int choices = (int) in.zigzag();
    Optional<String> hash = (present & 2) != 0 ? Optional.of(in.text()) : Optional.empty();
    Optional<String> own = (present & 4) != 0 ? Optional.of(in.text()) : Optional.empty();
    return new JournalRecord.Open(
        id,
        namespace,
        key,
        root,
        own,
        protocol,
        model,
        streamed,
        reserved,
        new RequestRow.Decision(inputBytes, declared, choices, hash));
  }
}
