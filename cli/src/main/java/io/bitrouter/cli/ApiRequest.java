package io.bitrouter.cli;

import io.bitrouter.wire.control.ControlJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
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
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "te",
          "trailer",
          "expect");

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
    boolean hasBody = input != null || !fields.isEmpty();
    String verb =
        method == null ? (hasBody ? "POST" : "GET") : method.strip().toUpperCase(Locale.ROOT);
    String target = relative(path);
    List<Http.Header> sent = headers();
    Optional<byte[]> body = Optional.empty();
    if (input != null) {
      body = Optional.of(cli.input(input));
    } else if (!fields.isEmpty() && verb.equals("GET")) {
      target = withQuery(target, fields);
    } else if (!fields.isEmpty()) {
      body = Optional.of(ControlJson.bytes(fields));
    }
    boolean typed = sent.stream().anyMatch(h -> h.name().equalsIgnoreCase("content-type"));
    if (body.isPresent() && !typed) {
      sent.add(new Http.Header("Content-Type", "application/json"));
    }
    Api api = cli.api();
    try (Http.Reply reply = api.exchange(verb, target, sent, body, false)) {
      if (include) {
        head(cli.output(), reply);
      }
      byte[] start = copy(cli.output(), reply.body());
      if (reply.status() / 100 != 2) {
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
    for (String segment : target.split("[/?]", -1)) {
      if (segment.equals("..")) {
        throw Failure.of(Exit.USAGE, "the path must not contain '..'");
      }
    }
    return target;
  }

  private static String withQuery(String target, Map<String, @Nullable Object> fields) {
    Query query = new Query();
    fields.forEach((key, value) -> query.add(key, Optional.of(String.valueOf(value))));
    String text = query.toString();
    return target + (target.indexOf('?') < 0 ? text : "&" + text.substring(1));
  }

  private List<Http.Header> headers() {
    List<Http.Header> parsed = new ArrayList<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      String name = colon < 0 ? "" : header.substring(0, colon).strip();
      if (name.isEmpty() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
        throw Failure.of(
            Exit.USAGE,
            name.isEmpty()
                ? "a header is written 'Name: value'"
                : "the header " + name + " cannot be set");
      }
      parsed.add(new Http.Header(name, header.substring(colon + 1).strip()));
    }
    return parsed;
  }

  private Map<String, @Nullable Object> fields(Cli cli) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (String field : texts) {
      int equals = equalsSign(field);
      fields.put(field.substring(0, equals), field.substring(equals + 1));
    }
    for (String field : values) {
      int equals = equalsSign(field);
      fields.put(field.substring(0, equals), typed(cli, field.substring(equals + 1)));
    }
    return fields;
  }

  private static int equalsSign(String field) {
    int equals = field.indexOf('=');
    if (equals < 1) {
      throw Failure.of(Exit.USAGE, "a field is written KEY=VALUE");
    }
    return equals;
  }

  private static @Nullable Object typed(Cli cli, String value) {
    if (value.startsWith("@")) {
      return cli.inputText(value.substring(1));
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      case "null" -> null;
      default -> isInteger(value) ? new BigInteger(value) : value;
    };
  }

  private static boolean isInteger(String value) {
    String digits = value.startsWith("-") ? value.substring(1) : value;
    return !digits.isEmpty()
        && digits.length() <= 18
        && (digits.length() == 1 || digits.charAt(0) != '0')
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static void head(Output output, Http.Reply reply) {
    output.line("HTTP/1.1 " + reply.status());
    reply.headers().forEach(header -> output.line(header.name() + ": " + header.value()));
    output.text("\n");
  }

  /** Copies the body as it arrives; returns its start, which may be an error to explain. */
  private static byte[] copy(Output output, InputStream body) {
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    byte[] block = new byte[8192];
    try {
      for (int n = body.read(block); n >= 0; n = body.read(block)) {
        start.write(block, 0, Math.min(n, MAX_ERROR_BYTES - start.size()));
        if (!output.raw(block, n)) {
          break;
        }
      }
    } catch (IOException e) {
      throw Failure.of(Exit.UNREACHABLE, "the answer broke off: " + Http.why(e));
    }
    return start.toByteArray();
  }
}
