package io.bitrouter.node.provider;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.ModelId;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider.Auth;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.node.config.Kind;
import io.bitrouter.wire.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The catalogue that comes with the program: providers, models, limits and list prices of one day.
 * Prices of later days, and discounts, are the operator's to configure. The file is ours: anything
 * unexpected in it is a defect and throws. It is read token by token, which costs a few
 * milliseconds at start where data binding would cost a hundred.
 *
 * @param version name of this table, kept with every charge that was computed from it
 * @param asOf the day on which the prices were true
 * @param providers the providers, in order of preference
 */
record BundledCatalog(String version, LocalDate asOf, List<KnownProvider> providers) {

  /** A provider; its models are in order of preference, every alias a model of its own. */
  record KnownProvider(
      ProviderId id,
      URI base,
      List<Protocol> protocols,
      Auth auth,
      Variables variables,
      List<Model> models) {

    /**
     * Environment variables that its own clients read.
     *
     * @param key the account's key
     * @param base another base
     */
    record Variables(String key, String base) {}

    /** The protocol that it is known for, and that others at another base of it speak. */
    Protocol protocol() {
      return protocols.getFirst();
    }

    /** The environment variable that its own clients read the key from. */
    String keyVariable() {
      return variables.key();
    }

    /** The environment variable that its own clients read another base from. */
    String baseVariable() {
      return variables.base();
    }

    Optional<Model> model(String name) {
      return models.stream().filter(model -> model.id().model().equals(name)).findFirst();
    }
  }

  /** Reads the catalogue from the class path. */
  static BundledCatalog load() {
    try (InputStream in = BundledCatalog.class.getResourceAsStream("/catalog.json")) {
      if (in == null) {
        throw defect("it is not on the class path");
      }
      return read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BundledCatalog read(byte[] json) {
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      parser.nextToken();
      Map<String, Object> root = object(value(parser));
      String version = text(root, "version");
      return new BundledCatalog(
          version,
          LocalDate.parse(text(root, "as_of")),
          objects(root, "providers").map(known -> provider(known, version)).toList());
    }
  }

  Optional<KnownProvider> provider(String id) {
    return providers.stream().filter(known -> known.id().text().equals(id)).findFirst();
  }

  private static KnownProvider provider(Map<String, Object> json, String version) {
    ProviderId id = new ProviderId(text(json, "id"));
    String auth = text(json, "auth");
    return new KnownProvider(
        id,
        URI.create(text(json, "api_base")),
        protocols(json),
        auth.equals("bearer") ? new Auth.Bearer() : new Auth.Header(auth.replace("header:", "")),
        new KnownProvider.Variables(text(json, "key_variable"), text(json, "base_variable")),
        objects(json, "models").flatMap(model -> models(id, model, version)).toList());
  }

  private static List<Protocol> protocols(Map<String, Object> json) {
    List<?> names = take(json, "protocols") instanceof List<?> list ? list : List.of();
    return names.stream()
        .map(name -> Protocol.valueOf(name.toString().toUpperCase(Locale.ROOT)))
        .toList();
  }

  /** A model, and one more for each of its aliases. */
  private static Stream<Model> models(ProviderId id, Map<String, Object> json, String version) {
    OptionalLong context = OptionalLong.of(Long.parseLong(text(json, "context_tokens")));
    OptionalLong output = OptionalLong.of(Long.parseLong(text(json, "max_output_tokens")));
    Optional<Price> price = Optional.of(price(object(take(json, "price"))));
    boolean hidden = "true".equals(json.remove("hidden_reasoning"));
    List<?> aliases = json.get("aliases") instanceof List<?> list ? list : List.of();
    Abilities abilities = new Abilities(inputs(json), Optional.empty());
    return Stream.concat(Stream.of(text(json, "id")), aliases.stream().map(String::valueOf))
        .map(name ->
            new Model(
                new ModelId(id, name), name, price, version, context, output, hidden, abilities));
  }

  private static List<String> inputs(Map<String, Object> json) {
    List<?> inputs = take(json, "input_modalities") instanceof List<?> list ? list : List.of();
    if (inputs.isEmpty() || !Abilities.INPUTS.containsAll(inputs)) {
      throw defect("input_modalities " + inputs);
    }
    return inputs.stream().map(String::valueOf).toList();
  }

  /** A price; what it does not name costs as much as uncached input, never nothing. */
  private static Price price(Map<String, Object> json) {
    Optional<Price.LongPrompt> longPrompt = Optional.empty();
    if (json.containsKey("long_prompt")) {
      Map<String, Object> rates = object(take(json, "long_prompt"));
      long above = Long.parseLong(text(rates, "above_tokens"));
      longPrompt = Optional.of(new Price.LongPrompt(above, price(rates)));
    }
    String input = text(json, "input");
    String write5m = json.containsKey("cache_write_5m") ? text(json, "cache_write_5m") : input;
    String write1h = json.containsKey("cache_write_1h") ? text(json, "cache_write_1h") : write5m;
    String read = json.containsKey("cache_read") ? text(json, "cache_read") : input;
    String output = text(json, "output");
    if (!json.isEmpty()) {
      throw defect("unknown members of a price: " + json.keySet());
    }
    return new Price(
        pico(input), pico(read), pico(write5m), pico(write1h), pico(output), longPrompt);
  }

  private static long pico(String usd) {
    return Kind.USD_PER_MILLION.read(usd).orElseThrow(() -> defect("price " + usd));
  }

  /** What stands at the parser: a map, a list, or the text of anything else. */
  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield items;
      }
      default -> parser.getString();
    };
  }

  @SuppressWarnings("unchecked") // only value() makes maps, and their keys are names
  private static Map<String, Object> object(Object value) {
    if (value instanceof Map<?, ?>) {
      return (Map<String, Object>) value;
    }
    throw defect("an object is missing");
  }

  private static Stream<Map<String, Object>> objects(Map<String, Object> json, String name) {
    return take(json, name) instanceof List<?> list
        ? list.stream().map(BundledCatalog::object)
        : Stream.empty();
  }

  private static String text(Map<String, Object> json, String name) {
    return take(json, name).toString();
  }

  private static Object take(Map<String, Object> json, String name) {
    Object value = json.remove(name);
    if (value == null) {
      throw defect("no " + name);
    }
    return value;
  }

  private static IllegalStateException defect(String what) {
    return new IllegalStateException("catalog.json is broken: " + what);
  }
}
