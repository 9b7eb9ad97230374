package io.bitrouter.testkit;

import io.bitrouter.testkit.HttpReader.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link FakeUpstream} answers to one request. Whether the answer is chat or messages, a
 * whole body or a stream, follows from the request; the script says what is special about it.
 *
 * @param status HTTP status; other than 200 the body is an error in the protocol's envelope
 * @param headers more headers
 * @param errorMessage message of the error body
 * @param firstAfter silence before the head is sent
 * @param every silence between two chunks of a stream
 * @param drip silence between two bytes, zero to write as usual
 * @param chunks pieces of text, one token each
 * @param text what each piece says
 * @param inputTokens prompt tokens reported
 * @param usage how usage is reported
 * @param fault what goes wrong
 * @param faultAt at which chunk, from 0
 * @param raw when there, sent instead of any answer of HTTP, then the connection is closed
 */
public record UpstreamScript(
    int status,
    List<Field> headers,
    String errorMessage,
    Duration firstAfter,
    Duration every,
    Duration drip,
    int chunks,
    String text,
    int inputTokens,
    UsageReport usage,
    Fault fault,
    int faultAt,
    Optional<byte[]> raw) {

  /** How an answer reports usage. */
  public sealed interface UsageReport {
    /** As a provider does, with the script's own figures. */
    record Honest() implements UsageReport {}

    /** Not at all. */
    record None() implements UsageReport {}

    /** With this JSON in place of the usage object. */
    record Literal(String json) implements UsageReport {}
  }

  /** What goes wrong. */
  public enum Fault {
    /** Nothing. */
    NONE,
    /** The connection is reset when the request has been read, before any answer. */
    RESET_BEFORE_FIRST_BYTE,
    /** The connection is closed in an orderly way instead of an answer. */
    CLOSE_BEFORE_FIRST_BYTE,
    /** Nothing is sent at all, until the peer gives up. */
    HANG_BEFORE_FIRST_BYTE,
    /** The connection is reset at a chunk; a buffered answer after half of its body. */
    RESET,
    /** The connection is closed at a chunk, without the end of the chunked body. */
    CLOSE,
    /** The HTTP body ends properly at a chunk, without the protocol's terminal event. */
    END_WITHOUT_TERMINAL,
    /** Nothing more is sent from a chunk on, or after raw bytes, until the peer gives up. */
    HANG,
    /** The protocol's error event comes at a chunk, then the body ends properly. */
    ERROR_EVENT
  }

  /** A good answer: three pieces of text, eleven prompt tokens, usage reported. */
  public static UpstreamScript ok() {
    return new UpstreamScript(
        200,
        List.of(),
        "the fake upstream was told to fail",
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        3,
        "word ",
        11,
        new UsageReport.Honest(),
        Fault.NONE,
        0,
        Optional.empty());
  }

  /** A refusal in the protocol's own envelope. */
  public static UpstreamScript refusing(int status, String message) {
    UpstreamScript ok = ok();
    return new Change(ok).status(status).errorMessage(message).script();
  }

  /** A redirect. */
  public static UpstreamScript redirecting(int status, String location) {
    return refusing(status, "moved").withHeader("location", location);
  }

  /** These bytes and the end of the connection. */
  public static UpstreamScript raw(byte[] bytes) {
    return new Change(ok()).raw(bytes).script();
  }

  /** These characters and the end of the connection. */
  public static UpstreamScript raw(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A good answer with a body of one's own in place of what the protocol says. */
  public static UpstreamScript body(String contentType, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return raw(
        "HTTP/1.1 200 OK\r\ncontent-type: "
            + contentType
            + "\r\ncontent-length: "
            + bytes.length
            + "\r\nconnection: close\r\n\r\n"
            + new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** The same with one more header. */
  public UpstreamScript withHeader(String name, String value) {
    return new Change(this).header(name, value).script();
  }

  /** The same with that many pieces of text. */
  public UpstreamScript withChunks(int count) {
    return new Change(this).chunks(count).script();
  }

  /** The same, each piece saying {@code words}. */
  public UpstreamScript saying(String words) {
    return new Change(this).text(words).script();
  }

  /** The same with that many prompt tokens. */
  public UpstreamScript withInputTokens(int tokens) {
    return new Change(this).inputTokens(tokens).script();
  }

  /** The same, silent for {@code first}, then for {@code each} between two chunks. */
  public UpstreamScript paced(Duration first, Duration each) {
    return new Change(this).pace(first, each).script();
  }

  /** The same, its body written byte by byte. */
  public UpstreamScript dripping(Duration each) {
    return new Change(this).drip(each).script();
  }

  /** The same without any report of usage. */
  public UpstreamScript withoutUsage() {
    return new Change(this).usage(new UsageReport.None()).script();
  }

  /** The same with this JSON where usage belongs. */
  public UpstreamScript withUsage(String json) {
    return new Change(this).usage(new UsageReport.Literal(json)).script();
  }

  /** The same, going wrong at chunk {@code at}. */
  public UpstreamScript failing(Fault kind, int at) {
    return new Change(this).fault(kind, at).script();
  }

  /** The same, going wrong at the first chunk. */
  public UpstreamScript failing(Fault kind) {
    return failing(kind, 0);
  }

  /** A script being changed; keeps thirteen components out of every method above. */
  private static final class Change {
    private int status;
    private List<Field> headers;
    private String errorMessage;
    private Duration firstAfter;
    private Duration every;
    private Duration drip;
    private int chunks;
    private String text;
    private int inputTokens;
    private UsageReport usage;
    private Fault fault;
    private int faultAt;
    private Optional<byte[]> raw;

    Change(UpstreamScript from) {
      status = from.status;
      headers = from.headers;
      errorMessage = from.errorMessage;
      firstAfter = from.firstAfter;
      every = from.every;
      drip = from.drip;
      chunks = from.chunks;
      text = from.text;
      inputTokens = from.inputTokens;
      usage = from.usage;
      fault = from.fault;
      faultAt = from.faultAt;
      raw = from.raw;
    }

    Change status(int value) {
      status = value;
      return this;
    }

    Change errorMessage(String value) {
      errorMessage = value;
      return this;
    }

    Change header(String name, String value) {
      List<Field> more = new ArrayList<>(headers);
      more.add(new Field(name, value));
      headers = List.copyOf(more);
      return this;
    }

    Change chunks(int value) {
      chunks = value;
      return this;
    }

    Change text(String value) {
      text = value;
      return this;
    }

    Change inputTokens(int value) {
      inputTokens = value;
      return this;
    }

    Change pace(Duration first, Duration each) {
      firstAfter = first;
      every = each;
      return this;
    }

    Change drip(Duration value) {
      drip = value;
      return this;
    }

    Change usage(UsageReport value) {
      usage = value;
      return this;
    }

    Change fault(Fault kind, int at) {
      fault = kind;
      faultAt = at;
      return this;
    }

    Change raw(byte[] value) {
      raw = Optional.of(value.clone());
      return this;
    }

    UpstreamScript script() {
      return new UpstreamScript(
          status,
          headers,
          errorMessage,
          firstAfter,
          every,
          drip,
          chunks,
          text,
          inputTokens,
          usage,
          fault,
          faultAt,
          raw);
    }
  }
}
