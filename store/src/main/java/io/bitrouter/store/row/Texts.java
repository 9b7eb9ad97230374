package io.bitrouter.store.row;

import java.util.List;

/** Texts in rows: bounded, and the usual ones as one byte. */
final class Texts {

  /** Most characters of a text that are kept; far above what the node lets through. */
  static final int LIMIT = 1_024;

  /**
   * Words that refusals and upstreams use again and again. Their places are stored: add at the end,
   * never change or remove one.
   */
  private static final List<String> WORDS =
      List.of(
          "stop",
          "length",
          "tool_calls",
          "content_filter",
          "function_call",
          "end_turn",
          "max_tokens",
          "stop_sequence",
          "tool_use",
          "pause_turn",
          "refusal",
          "invalid_request",
          "unauthorized",
          "key_revoked",
          "key_expired",
          "forbidden",
          "not_found",
          "model_not_found",
          "method_not_allowed",
          "request_timeout",
          "conflict",
          "request_too_large",
          "unsupported_media_type",
          "upstream_rejected",
          "node_overloaded",
          "journal_unavailable",
          "store_unavailable",
          "upstream_unavailable",
          "upstream_timeout",
          "upstream_error",
          "upstream_credential",
          "stream_truncated",
          "internal_error",
          "node_restarted",
          "client_disconnected",
          "budget_exceeded",
          "budget_contended",
          "rate_limited",
          "concurrency_limited",
          "exceeds_limit",
          "guardrail_blocked",
          "model_not_allowed",
          "streaming_not_allowed",
          "tool_not_allowed",
          "byok_required",
          "unpriced_model",
          "namespace_suspended",
          "namespace_locked");

  private Texts() {}

  /** {@code text}, cut at {@link #LIMIT} characters and never within a pair of surrogates. */
  static String bounded(String text) {
    if (text.length() <= LIMIT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LIMIT - 1)) ? LIMIT - 1 : LIMIT;
    return text.substring(0, end);
  }

  /** Writes a word: its place in the list, or 0 and the word itself. */
  static void writeWord(ByteWriter out, String word) {
    int place = WORDS.indexOf(word) + 1;
    out.varint(place);
    if (place == 0) {
      out.text(bounded(word));
    }
  }

  /** Reads a word. */
  static String readWord(ByteReader in) {
    long place = in.varint();
    if (place == 0) {
      return in.text();
    }
    if (place < 0 || place > WORDS.size()) {
      throw new MalformedBytesException("word " + place + " is not known");
    }
    return WORDS.get((int) place - 1);
  }
}
