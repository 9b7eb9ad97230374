package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/**
 * A request row as the API shows it, with the checks that tests make of it.
 *
 * @param json the row
 */
public record BookedRow(JsonNode json) {

  /** Nano-USD per prompt token of the models that tests use: $0.50 per million. */
  public static final long INPUT_NANOS = 500;

  /** Nano-USD per generated token of the models that tests use: $1.00 per million. */
  public static final long OUTPUT_NANOS = 1_000;

  /** It ended so, without a code. */
  public BookedRow ended(String status, int httpStatus) {
    return ended(status, httpStatus, "");
  }

  /** It ended so; an empty code means that there is none. */
  public BookedRow ended(String status, int httpStatus, String code) {
    assertThat(text("status") + " " + number("http_status") + " " + text("code"))
        .as("status, http_status and code of %s", json)
        .isEqualTo(status + " " + httpStatus + " " + code);
    return this;
  }

  /** It used exactly this. */
  public BookedRow used(String origin, long prompt, long completion) {
    assertThat(
            text("usage_origin")
                + " "
                + number("prompt_tokens")
                + " "
                + number("completion_tokens"))
        .as("usage of %s", json)
        .isEqualTo(origin + " " + prompt + " " + completion);
    return this;
  }

  /** It is an estimate that is not below what the upstream bills. */
  public BookedRow usedAtLeast(long prompt, long completion) {
    assertThat(text("usage_origin")).as("origin of %s", json).isEqualTo("estimated");
    assertThat(number("prompt_tokens")).as("prompt of %s", json).isGreaterThanOrEqualTo(prompt);
    assertThat(number("completion_tokens"))
        .as("completion of %s", json)
        .isGreaterThanOrEqualTo(completion);
    return charged("estimated");
  }

  /** Its charge is in this state, and is what its tokens cost. */
  public BookedRow charged(String state) {
    return charged(
        state, number("prompt_tokens") * INPUT_NANOS + number("completion_tokens") * OUTPUT_NANOS);
  }

  /** Its charge is in this state and of this size. */
  public BookedRow charged(String state, long nanoUsd) {
    assertThat(text("charge_state") + " " + number("charge_nano_usd"))
        .as("charge of %s", json)
        .isEqualTo(state + " " + nanoUsd);
    return this;
  }

  /** Nothing was used and nothing is charged. */
  public BookedRow free() {
    return used("none", 0, 0).charged("not_charged", 0);
  }

  /** A member that is a text; empty when it is absent. */
  public String text(String member) {
    return json.path(member).asString("");
  }

  /** A member that is a whole number. */
  public long number(String member) {
    assertThat(json.path(member).isIntegralNumber()).as("%s of %s", member, json).isTrue();
    return json.path(member).asLong();
  }

  /** A token bucket. */
  public long bucket(String name) {
    assertThat(json.path("usage").path(name).isIntegralNumber())
        .as("%s of %s", name, json)
        .isTrue();
    return json.path("usage").path(name).asLong();
  }

  String id() {
    return text("request_id");
  }
}
