package io.bitrouter.store.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads the records of one segment in order. Not thread-safe. */
final class SegmentReader implements Closeable {

  /** What {@link #next} found. */
  enum Found {
    /** A record; the accessors tell which. */
    RECORD,
    /** Nothing more up to the limit. */
    END,
    /** Something that is no record. */
    BAD
  }

  private static final int CHUNK = 256 * 1024;

  private final RandomAccessFile file;
  private final CRC32C crc = new CRC32C();
  private byte[] buffer = new byte[CHUNK];
  private int at;
  private int filled;
  private long offset;
  private int type;
  private int payload;
  private int payloadEnd;

  /** Reads {@code path} from {@code offset}, which must be the start of a record. */
  SegmentReader(Path path, long offset) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.offset = offset;
  }

  /** The first bytes of the file, fewer when it is shorter. */
  byte[] header() throws IOException {
    byte[] header = new byte[(int) Math.min(Segment.HEADER, file.length())];
    file.seek(0);
    file.readFully(header);
    return header;
  }

  /** Bytes from the start of the file to the next record. */
  long offset() {
    return offset;
  }

  /** Moves to the next record, if a whole one ends at or before {@code limit}. */
  Found next(long limit) throws IOException {
    if (offset >= limit) {
      return Found.END;
    }
    if (limit - offset < RecordCodec.HEAD || !available(RecordCodec.HEAD, limit)) {
      return Found.BAD;
    }
    int length = u32(at);
    if (length < 0
        || length > RecordCodec.LONGEST
        || length > limit - offset - RecordCodec.HEAD
        || !available(RecordCodec.HEAD + length, limit)) {
      return Found.BAD;
    }
    crc.reset();
    crc.update(buffer, at + RecordCodec.HEAD - 1, length + 1);
    if ((int) crc.getValue() != u32(at + Integer.BYTES)) {
      return Found.BAD;
    }
    type = buffer[at + RecordCodec.HEAD - 1];
    payload = at + RecordCodec.HEAD;
    payloadEnd = payload + length;
    at = payloadEnd;
    offset += RecordCodec.HEAD + length;
    return Found.RECORD;
  }

  /** Type of the record. */
  int type() {
    return type;
  }

  /** Array that holds the payload until the next move. */
  byte[] bytes() {
    return buffer;
  }

  /** Where the payload starts. */
  int from() {
    return payload;
  }

  /** Where it ends. */
  int end() {
    return payloadEnd;
  }

  private boolean available(int count, long limit) throws IOException {
    if (filled - at >= count) {
      return true;
    }
    int kept = filled - at;
    byte[] target = count > buffer.length ? new byte[count + CHUNK] : buffer;
    System.arraycopy(buffer, at, target, 0, kept);
    buffer = target;
    at = 0;
    filled = kept;
    file.seek(offset + kept);
    long wanted = Math.min(buffer.length - filled, limit - offset - kept);
    while (wanted > 0) {
      int read = file.read(buffer, filled, (int) wanted);
      if (read < 0) {
        break;
      }
      filled += read;
      wanted -= read;
    }
    return filled >= count;
  }

  private int u32(int index) {
    return (buffer[index] & 0xFF) << 24
        | (buffer[index + 1] & 0xFF) << 16
        | (buffer[index + 2] & 0xFF) << 8
        | buffer[index + 3] & 0xFF;
  }

  /** A copy of the payload. */
  byte[] copy() {
    return Arrays.copyOfRange(buffer, payload, payloadEnd);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
