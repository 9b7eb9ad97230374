package io.bitrouter.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Builds the query part of a path, percent-encoded. */
final class Query {
  private final StringBuilder text = new StringBuilder();

  Query add(String name, Optional<?> value) {
    value.ifPresent(present ->
        text.append(text.isEmpty() ? '?' : '&')
            .append(encode(name))
            .append('=')
            .append(encode(present.toString())));
    return this;
  }

  /** One path segment or parameter. */
  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
