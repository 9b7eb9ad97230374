package io.bitrouter.node.config;

import io.bitrouter.core.kernel.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of value.
 *
 * @param rule what is allowed, in words, as the end of an error message
 * @param parser makes the value of its text; empty, or an {@link IllegalArgumentException}, when
 *     the text breaks the rule
 */
public record Kind<T>(String rule, Function<String, Optional<T>> parser) {

  /** Where a provider's API starts, without slashes at the end. */
  public static final Kind<URI> API_BASE =
      new Kind<>(
          "must be http:// or https://, a host, maybe a port and a path, as in"
              + " https://api.example.com/v1, without user information, query or fragment",
          Kind::apiBase);

  /** A provider's key: visible ASCII, so that it can stand in a header. */
  public static final Kind<Secret> PROVIDER_KEY =
      new Kind<>(
          "holds a character that cannot be sent in a header: white space, a line end, or not"
              + " ASCII",
          text -> Optional.of(text).filter(key -> key.matches("[!-~]+")).map(Secret::of));

  /**
   * Decimal dollars per million tokens as pico-USD per token: exactly the number times 1,000,000,
   * without floating point. At most $1000, so that every product with a token count fits a long.
   */
  public static final Kind<Long> USD_PER_MILLION =
      new Kind<>(
          "must be dollars per million tokens, 0 to 1000 with at most 6 decimal places, like 2.50",
          Kind::picoUsd);

  private static final Pattern USD = Pattern.compile("([0-9]{1,4})(?:\\.([0-9]{1,6})0*)?");
  private static final long MOST_PICO_USD = 1_000_000_000;
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,15}) *([KMGT]iB)?");

  /** The value that {@code text} means; empty when it breaks the rule. */
  public Optional<T> read(String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The constants of an enum, in lower case. */
  static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      words.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return oneOf(words);
  }

  /** One of several words. */
  static <T> Kind<T> oneOf(Map<String, T> words) {
    return new Kind<>(
        "must be one of: " + String.join(", ", words.keySet()),
        text -> Optional.ofNullable(words.get(text)));
  }

  /** A whole number, of which {@code unit} makes the value. */
  static <T> Kind<T> whole(long least, long most, LongFunction<T> unit) {
    return new Kind<>(
        "must be a whole number from " + least + " to " + most,
        text ->
            Optional.of(Long.parseLong(text))
                .filter(number -> number >= least && number <= most)
                .map(unit::apply));
  }

  /** A number of bytes, between two that are written as people write them: {@code 16MiB}. */
  static Kind<Long> size(String least, String most) {
    return new Kind<>(
        "must be a size from " + least + " to " + most + ", like 16MiB or 16777216",
        text ->
            Optional.of(bytes(text))
                .filter(number -> number >= bytes(least) && number <= bytes(most)));
  }

  /** The number of bytes that {@code text} means; throws when it means none. */
  static long bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size");
    }
    String unit = matcher.group(2);
    int shift = unit == null ? 0 : 10 * ("KMGT".indexOf(unit.charAt(0)) + 1);
    long number = Long.parseLong(matcher.group(1));
    return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
  }

  private static Optional<Long> picoUsd(String text) {
    Matcher matcher = USD.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String decimals = matcher.group(2) == null ? "" : matcher.group(2);
    long pico = Long.parseLong(matcher.group(1) + (decimals + "000000").substring(0, 6));
    return Optional.of(pico).filter(price -> price <= MOST_PICO_USD);
  }

  private static Optional<URI> apiBase(String text) {
    String bare = text.strip().replaceAll("/+$", "");
    return bare.matches("(?i)https?://[^/?#@]+(/[^?#]*)?")
        ? Optional.of(URI.create(bare))
            .filter(uri -> uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= 65_535)
        : Optional.empty();
  }
}
