package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code cloud api} and what they do. */
final class ApiRequest {
  private static final int MAX_ERROR_BYTES = 64 * 1024;

  /** What frames the message or names the origin is not the caller's to set. */
  private static final Set<String> RESERVED =
      Set.of(
          "host connection content-length transfer-encoding upgrade te trailer expect".split(" "));

  @Option(
      names = {"-X", "--method"},
      paramLabel = "METHOD",
      description = "Method (default: GET, with a body POST).")
  @Nullable String method;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "A header; may be repeated.")
  List<String> headers = List.of();

  @Option(
      names = {"-f", "--raw-field"},
      paramLabel = "KEY=TEXT",
      description = "A text member of the JSON body, or with -X GET a query parameter.")
  List<String> texts = List.of();

  @Option(
      names = {"-F", "--field"},
      paramLabel = "KEY=VALUE",
      description =
          "The same, but true, false, null and integers keep their type; @FILE reads one.")
  List<String> values = List.of();

  @Option(names = "--input", paramLabel = "FILE", description = "The body; - for standard input.")
  @Nullable String input;

  @Option(
      names = {"-i", "--include"},
      description = "Print status and headers before the body.")
  boolean include;

  void run(Cli cli, String path) {
    Map<String, @Nullable Object> fields = fields(cli);
    if (input != null && !fields.isEmpty()) {
      throw Failure.of(Exit.USAGE, "give --input or fields, not both");
    }
    String usual = input == null && fields.isEmpty() ? "GET" : "POST";
    String verb = method == null ? usual : method.strip().toUpperCase(Locale.ROOT);
    String target = relative(path);
    List<Http.Header> sent = new ArrayList<>();
    Optional<byte[]> body = Optional.empty();
    if (input != null) {
      body = Optional.of(cli.input(input));
    } else if (!fields.isEmpty() && verb.equals("GET")) {
      Query query = new Query();
      fields.forEach((key, value) -> query.add(key, Optional.of(String.valueOf(value))));
      target += target.indexOf('?') < 0 ? query : "&" + query.toString().substring(1);
    } else if (!fields.isEmpty()) {
      body = Optional.of(ControlJson.bytes(fields));
    }
    body.ifPresent(bytes -> sent.add(new Http.Header("Content-Type", "application/json")));
    headers.forEach(header -> sent.add(header(header)));
    Api api = cli.api();
    try (Http.Reply reply = api.exchange(verb, target, sent, body, false)) {
      if (include) {
        cli.output().line("HTTP/1.1 " + reply.status());
        reply.headers().forEach(h -> cli.output().line(h.name() + ": " + h.value()));
        cli.output().line("");
      }
      byte[] start = copy(cli.output(), reply.body());
      if (!reply.succeeded()) {
        throw api.failure(reply, start);
      }
    }
  }

  /** A path at the node's origin: nothing in it may lead the key elsewhere. */
  private static String relative(String path) {
    String target = path.startsWith("/") ? path : "/" + path;
    boolean plain = target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '#');
    if (path.contains("://") || target.startsWith("//") || !plain) {
      throw Failure.of(
          Exit.USAGE,
          "the path must be relative to the node, such as /v1/models",
          "absolute URLs, white space, '\\' and '#' are refused");
    }
    if (List.of(target.split("[/?]")).contains("..")) {
      throw Failure.of(Exit.USAGE, "the path must not contain '..'");
    }
    return target;
  }

  private static Http.Header header(String text) {
    String[] parts = text.split(":", 2);
    String name = parts[0].strip();
    if (parts.length < 2 || name.isEmpty()) {
      throw Failure.of(Exit.USAGE, "a header is written 'Name: value'");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw Failure.of(Exit.USAGE, "the header " + name + " cannot be set");
    }
    return new Http.Header(name, parts[1].strip());
  }

  private Map<String, @Nullable Object> fields(Cli cli) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    texts.forEach(field -> fields.put(parts(field)[0], parts(field)[1]));
    values.forEach(field -> fields.put(parts(field)[0], typed(cli, parts(field)[1])));
    return fields;
  }

  private static String[] parts(String field) {
    if (field.indexOf('=') < 1) {
      throw Failure.of(Exit.USAGE, "a field is written KEY=VALUE");
    }
    return field.split("=", 2);
  }

  private static @Nullable Object typed(Cli cli, String value) {
    if (value.startsWith("@")) {
      return cli.inputText(value.substring(1));
    }
    return switch (value) {
      case "true", "false" -> Boolean.valueOf(value);
      case "null" -> null;
      default -> value.matches("0|-?[1-9][0-9]{0,17}") ? Long.valueOf(value) : value;
    };
  }

  /** Copies the body as it arrives; returns its start, which may be an error to explain. */
  private static byte[] copy(Output output, InputStream body) {
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    byte[] block = new byte[8192];
    try {
      for (int n = body.read(block); n >= 0 && !output.closed(); n = body.read(block)) {
        start.write(block, 0, Math.min(n, MAX_ERROR_BYTES - start.size()));
        output.raw(block, n);
      }
    } catch (IOException e) {
      throw Failure.of(Exit.UNREACHABLE, "the answer broke off: " + Http.why(e));
    }
    return start.toByteArray();
  }
}
