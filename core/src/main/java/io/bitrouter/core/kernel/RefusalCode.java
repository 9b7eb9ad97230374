package io.bitrouter.core.kernel;

/** Every reason for which the node refuses or fails a request; the names are part of the API. */
public enum RefusalCode {
  /** The request itself is wrong: syntax, a member, a limit. */
  INVALID_REQUEST("invalid_request", 400),
  /** No credential, or one that is malformed, unknown or wrong: one answer for all. */
  UNAUTHORIZED("unauthorized", 401),
  /** The secret was right, the key has been revoked. */
  KEY_REVOKED("key_revoked", 401),
  /** The secret was right, the key has expired. */
  KEY_EXPIRED("key_expired", 401),
  /** The credential is good but not for this. */
  FORBIDDEN("forbidden", 403),
  /** No such thing, or none that this credential may know of. */
  NOT_FOUND("not_found", 404),
  /** No routable model of that name. */
  MODEL_NOT_FOUND("model_not_found", 404),
  /** The path exists, not with this method. */
  METHOD_NOT_ALLOWED("method_not_allowed", 405),
  /** The client took too long to send its request. */
  REQUEST_TIMEOUT("request_timeout", 408),
  /** The change contradicts the present state. */
  CONFLICT("conflict", 409),
  /** The body is larger than {@code limits.body_bytes}. */
  REQUEST_TOO_LARGE("request_too_large", 413),
  /** The body is in an encoding or type the node does not read. */
  UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415),
  /** One request asks for more than a whole limit allows. */
  EXCEEDS_LIMIT("exceeds_limit", 400),
  /** A guardrail does not let this content pass. */
  GUARDRAIL_BLOCKED("guardrail_blocked", 400),
  /** The spend that is settled leaves no room under a budget. */
  BUDGET_EXCEEDED("budget_exceeded", 402),
  /** A policy does not allow the model or its provider. */
  MODEL_NOT_ALLOWED("model_not_allowed", 403),
  /** A policy does not allow streams. */
  STREAMING_NOT_ALLOWED("streaming_not_allowed", 403),
  /** A policy does not allow a tool that is offered. */
  TOOL_NOT_ALLOWED("tool_not_allowed", 403),
  /** A policy asks for a provider key of the namespace's own. */
  BYOK_REQUIRED("byok_required", 403),
  /** A budget applies and the model has no price. */
  UNPRICED_MODEL("unpriced_model", 403),
  /** An operator has stopped the namespace. */
  NAMESPACE_SUSPENDED("namespace_suspended", 403),
  /** Requests in flight hold what is left of a budget. */
  BUDGET_CONTENDED("budget_contended", 429),
  /** A window of a rate limit is full. */
  RATE_LIMITED("rate_limited", 429),
  /** Too many requests are in flight. */
  CONCURRENCY_LIMITED("concurrency_limited", 429),
  /** The upstream refused the request, and its reason is the client's to know. */
  UPSTREAM_REJECTED("upstream_rejected", 400),
  /** The node is at its concurrency or memory bound. */
  NODE_OVERLOADED("node_overloaded", 503),
  /** The usage journal cannot take another record. */
  JOURNAL_UNAVAILABLE("journal_unavailable", 503),
  /** The control store cannot be written or read. */
  STORE_UNAVAILABLE("store_unavailable", 503),
  /** No connection to the upstream. */
  UPSTREAM_UNAVAILABLE("upstream_unavailable", 503),
  /** The upstream took too long. */
  UPSTREAM_TIMEOUT("upstream_timeout", 504),
  /** The upstream failed or answered what no upstream should. */
  UPSTREAM_ERROR("upstream_error", 502),
  /** The upstream refused the node's own credential. */
  UPSTREAM_CREDENTIAL("upstream_credential", 502),
  /** The upstream's stream ended before its end. */
  STREAM_TRUNCATED("stream_truncated", 502),
  /** A defect of the node. */
  INTERNAL_ERROR("internal_error", 500);

  private final String text;
  private final int status;

  RefusalCode(String text, int status) {
    this.text = text;
    this.status = status;
  }

  /** The name that clients see. */
  public String text() {
    return text;
  }

  /** The HTTP status it has unless the refusal says otherwise. */
  public int status() {
    return status;
  }
}
