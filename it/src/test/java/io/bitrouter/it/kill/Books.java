package io.bitrouter.it.kill;

import io.bitrouter.testkit.ControlClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The request rows of a namespace, as its API tells them. */
final class Books {

  private static final int PAGE = 100;

  private Books() {}

  /**
   * One row.
   *
   * @param requestId the node's id
   * @param clientRequestId the client's own id, empty when the row has none
   * @param declaredOutput output tokens that the client allowed, 0 when the row has none
   * @param inputBytes length of its body, 0 when the row has none
   * @param streamed whether a stream was asked for
   * @param status how the request ended
   * @param chargeState how sure the charge is
   * @param chargeNanoUsd cost
   * @param finalChargeMicroUsd what the row adds to the key's total
   */
  record Row(
      String requestId,
      String clientRequestId,
      long declaredOutput,
      long inputBytes,
      boolean streamed,
      String status,
      String chargeState,
      long chargeNanoUsd,
      long finalChargeMicroUsd) {

    boolean indeterminate() {
      return chargeState.equals("indeterminate");
    }

    boolean charged() {
      return !status.equals("denied") && !chargeState.equals("not_charged");
    }
  }

  /** Every row there is, newest first. */
  static List<Row> all(ControlClient client) {
    return until(client, Set.of());
  }

  /** The newest rows, down to the first page that holds none but known ones. */
  static List<Row> until(ControlClient client, Set<String> known) {
    List<Row> rows = new ArrayList<>();
    int offset = 0;
    while (true) {
      JsonNode page =
          client
              .get("/v1/namespaces/me/requests?limit=" + PAGE + "&offset=" + offset)
              .mustBe(200)
              .json()
              .path("data");
      boolean somethingNew = false;
      for (JsonNode one : page) {
        Row row = row(one);
        if (!known.contains(row.requestId())) {
          somethingNew = true;
          rows.add(row);
        }
      }
      if (page.size() < PAGE || !somethingNew) {
        return rows;
      }
      offset += PAGE;
    }
  }

  /** Ids of the rows that the namespace is shown when it asks for the indeterminate ones. */
  static Set<String> indeterminate(ControlClient client) {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    do {
      JsonNode page =
          client
              .get("/v1/namespaces/me/requests?charge_state=indeterminate&limit=" + PAGE + cursor)
              .mustBe(200)
              .json();
      page.path("data").forEach(row -> ids.add(row.path("request_id").asString()));
      cursor =
          page.path("next_cursor").isString()
              ? "&cursor=" + page.path("next_cursor").asString()
              : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  /** Spend of the namespace in micro-USD, as {@code usage} sums it. */
  static long spendMicroUsd(ControlClient client) {
    return client
        .get("/v1/namespaces/me/usage")
        .mustBe(200)
        .json()
        .path("spend_micro_usd")
        .asLong();
  }

  private static Row row(JsonNode one) {
    OptionalLong declared =
        one.path("decision").path("declared_output").isNumber()
            ? OptionalLong.of(one.path("decision").path("declared_output").asLong())
            : OptionalLong.empty();
    return new Row(
        one.path("request_id").asString(),
        one.path("client_request_id").asString(""),
        declared.orElse(0),
        one.path("decision").path("input_bytes").asLong(0),
        one.path("streamed").asBoolean(false),
        one.path("status").asString(),
        one.path("charge_state").asString(),
        one.path("charge_nano_usd").asLong(),
        one.path("final_charge_micro_usd").asLong());
  }
}
