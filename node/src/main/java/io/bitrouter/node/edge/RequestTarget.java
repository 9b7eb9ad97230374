package io.bitrouter.node.edge;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request asks for.
 *
 * @param path the path as sent, undecoded, never empty
 * @param query the query's parameters, decoded, in order
 */
record RequestTarget(String path, List<Parameter> query) {

  record Parameter(String name, String value) {}

  /**
   * Splits a request target, of which visible ASCII alone is known.
   *
   * @param host the request's Host field, which an absolute target must name too
   * @throws RequestRejected if it is not a path on this server, or badly encoded
   */
  static RequestTarget parse(String target, String host) {
    String local = target.startsWith("/") ? target : localPart(target, host);
    if (local.indexOf('#') >= 0) {
      throw new RequestRejected(400, "the request target holds a fragment");
    }
    int mark = local.indexOf('?');
    String path = mark < 0 ? local : local.substring(0, mark);
    if (local.indexOf('%') >= 0) {
      checkEscapes(local);
    }
    return new RequestTarget(path, mark < 0 ? List.of() : parameters(local.substring(mark + 1)));
  }

  /** Every value of a parameter. */
  List<String> all(String name) {
    return query.stream()
        .filter(parameter -> parameter.name.equals(name))
        .map(Parameter::value)
        .toList();
  }

  private static String localPart(String target, String host) {
    int scheme = target.indexOf("://");
    if (scheme > 0) {
      String name = target.substring(0, scheme);
      int start = scheme + 3;
      int slash = target.indexOf('/', start);
      String authority = slash < 0 ? target.substring(start) : target.substring(start, slash);
      boolean http = name.equalsIgnoreCase("http") || name.equalsIgnoreCase("https");
      if (http && !host.isEmpty() && authority.equalsIgnoreCase(host)) {
        return slash < 0 ? "/" : target.substring(slash);
      }
    }
    throw new RequestRejected(400, "the request target must be a path; this is not a proxy");
  }

  private static void checkEscapes(String text) {
    int at = text.indexOf('%');
    while (at >= 0) {
      if (at + 2 >= text.length()
          || Character.digit(text.charAt(at + 1), 16) < 0
          || Character.digit(text.charAt(at + 2), 16) < 0) {
        throw new RequestRejected(400, "the request target is not percent-encoded correctly");
      }
      at = text.indexOf('%', at + 3);
    }
  }

  private static List<Parameter> parameters(String query) {
    List<Parameter> found = new ArrayList<>(4);
    int start = 0;
    while (start <= query.length()) {
      int end = query.indexOf('&', start);
      end = end < 0 ? query.length() : end;
      if (end > start) {
        int equals = query.indexOf('=', start);
        boolean valued = equals >= 0 && equals < end;
        found.add(
            new Parameter(
                decoded(query.substring(start, valued ? equals : end)),
                valued ? decoded(query.substring(equals + 1, end)) : ""));
      }
      start = end + 1;
    }
    return List.copyOf(found);
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    byte[] bytes =
        URLDecoder.decode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RequestRejected(400, "a query parameter is not UTF-8");
    }
  }
}
