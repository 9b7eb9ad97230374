package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlFormatException;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Keys.CredentialInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A node's REST interface with one credential. */
final class Api {
  private static final String MISSING_SCOPE = "missing required scope: ";

  private final Cli cli;
  private final String baseUrl;
  private final String token;

  Api(Cli cli, String baseUrl, String token) {
    this.cli = cli;
    this.baseUrl = baseUrl;
    this.token = token;
  }

  String baseUrl() {
    return baseUrl;
  }

  CredentialInfo whoAmI() {
    return read(get("/v1/credential"), CredentialInfo.class);
  }

  byte[] get(String path) {
    return send("GET", path, List.of(), Optional.empty());
  }

  /** The answer to a change, asked for as the person's options say. */
  byte[] write(String method, String path, Writing how, Optional<?> body) {
    List<Http.Header> headers = new ArrayList<>(how.headers());
    if (body.isPresent()) {
      headers.add(new Http.Header("Content-Type", "application/json"));
    }
    String dry = how.dryRun ? (path.contains("?") ? "&" : "?") + "dry_run=true" : "";
    byte[] answer = send(method, path + dry, headers, body.map(ControlJson::bytes));
    if (how.dryRun) {
      cli.output().note("dry run: nothing was changed");
    }
    return answer;
  }

  private byte[] send(
      String method, String path, List<Http.Header> headers, Optional<byte[]> body) {
    try (Http.Reply reply = exchange(method, path, headers, body, true)) {
      byte[] bytes = reply.bytes();
      if (!reply.succeeded()) {
        throw failure(reply, bytes);
      }
      reply.header("x-bitrouter-warnings").ifPresent(words -> warn(words, tree(bytes)));
      return bytes;
    }
  }

  /** Shows the sentences of the answer or, where it has none, the words of its header. */
  private void warn(String words, JsonNode answer) {
    List<String> warnings = new ArrayList<>();
    answer.path("warnings").forEach(sentence -> warnings.add(sentence.asString()));
    if (warnings.isEmpty()) {
      warnings.add(words);
    }
    warnings.forEach(sentence -> cli.output().note("warning: " + sentence));
  }

  /** One exchange, whatever the answer; for {@code bounded} see {@link Http#send}. */
  Http.Reply exchange(
      String method, String path, List<Http.Header> extra, Optional<byte[]> body, boolean bounded) {
    List<Http.Header> headers = new ArrayList<>();
    headers.add(new Http.Header("Authorization", "Bearer " + token));
    headers.add(new Http.Header("Accept", bounded ? "application/json" : "*/*"));
    headers.add(new Http.Header("User-Agent", "bitrouter-cli/" + cli.world().launcher().version()));
    headers.addAll(extra);
    return Http.send(new Http.Request(method, baseUrl + path, headers, body), bounded);
  }

  static <T> T read(byte[] body, Class<T> type) {
    try {
      return ControlJson.read(body, type);
    } catch (ControlFormatException e) {
      throw Failure.of(
          Exit.FAILURE,
          "the answer is not what this program expects: " + e.getMessage(),
          "is this a BitRouter node of the same version?");
    }
  }

  /** The failure that an unsuccessful answer stands for. */
  Failure failure(Http.Reply reply, byte[] body) {
    int status = reply.status();
    JsonNode all = tree(body);
    // Flat on the control plane, nested on the inference routes.
    boolean nested = all.path("error").isObject();
    JsonNode error = nested ? all.path("error") : all;
    String message =
        text(error, nested ? "message" : "error_description")
            .orElse(
                status / 100 == 3
                    ? "the node answered with a redirect, which is never followed"
                    : "the node answered HTTP " + status);
    String code =
        text(error, "code")
            .or(() -> text(error, nested ? "type" : "error"))
            .orElse("http_" + status);
    Optional<String> requestId = text(all, "request_id").or(() -> reply.header("x-request-id"));
    return new Failure(
        Exit.ofStatus(status),
        message,
        text(error, "hint").or(() -> hint(status, message)),
        Optional.of(new Failure.Refusal(code, status, requestId)));
  }

  private static JsonNode tree(byte[] body) {
    try {
      return ControlJson.mapper().readTree(body);
    } catch (JacksonException e) {
      return ControlJson.mapper().createObjectNode();
    }
  }

  private static Optional<String> text(JsonNode object, String member) {
    JsonNode value = object.path(member);
    return value.isString() ? Optional.of(value.asString()) : Optional.empty();
  }

  private Optional<String> hint(int status, String message) {
    if (status == 403 && message.startsWith(MISSING_SCOPE)) {
      String scope = message.substring(MISSING_SCOPE.length());
      return Optional.of(
          "mint a key that has it, with a credential that has it: "
              + cli.command("cloud keys mint --name my-key --scope \"" + scope + "\""));
    }
    if (status == 401) {
      return Optional.of(
          "on the node's host '%s' makes a new key; elsewhere sign in with '%s'"
              .formatted(
                  cli.command("start"), cli.command("cloud login --api-key-file FILE --url URL")));
    }
    return Optional.empty();
  }
}
