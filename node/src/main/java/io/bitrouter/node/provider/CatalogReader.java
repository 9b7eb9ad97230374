package io.bitrouter.node.provider;

import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.node.config.UsdPerMillion;
import io.bitrouter.node.provider.KnownProvider.KnownModel;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads {@code catalog.json} token by token, which costs a few milliseconds at start where data
 * binding would cost a hundred. The file is ours: anything unexpected in it is a defect and throws.
 */
final class CatalogReader {

  private final byte[] json;

  CatalogReader(byte[] json) {
    this.json = json;
  }

  BundledCatalog read() {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, "an object");
      Map<String, String> texts = new HashMap<>();
      List<KnownProvider> providers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("providers")) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            providers.add(provider(parser));
          }
        } else {
          texts.put(name, parser.getString());
        }
      }
      return new BundledCatalog(
          take(texts, "version"), LocalDate.parse(take(texts, "as_of")), List.copyOf(providers));
    }
  }

  private static KnownProvider provider(JsonParser parser) {
    Map<String, String> texts = new HashMap<>();
    List<KnownModel> models = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("models")) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          models.addAll(model(parser));
        }
      } else {
        texts.put(name, parser.getString());
      }
    }
    return new KnownProvider(
        take(texts, "id"),
        URI.create(take(texts, "api_base")),
        protocol(take(texts, "protocol")),
        auth(take(texts, "auth")),
        take(texts, "key_variable"),
        take(texts, "base_variable"),
        List.copyOf(models));
  }

  /** A model, and one more for each of its aliases. */
  private static List<KnownModel> model(JsonParser parser) {
    List<String> names = new ArrayList<>();
    OptionalLong context = OptionalLong.empty();
    OptionalLong output = OptionalLong.empty();
    Optional<Price> price = Optional.empty();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "id" -> names.addFirst(parser.getString());
        case "aliases" -> {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            names.add(parser.getString());
          }
        }
        case "context_tokens" -> context = OptionalLong.of(parser.getLongValue());
        case "max_output_tokens" -> output = OptionalLong.of(parser.getLongValue());
        case "price" -> price = Optional.of(rates(parser).price());
        default -> throw defect("member " + name);
      }
    }
    List<KnownModel> models = new ArrayList<>(names.size());
    for (String name : names) {
      models.add(
          new KnownModel(name, context, output, price.orElseThrow(() -> defect("no price"))));
    }
    return models;
  }

  /** The members of a price as they stand in the file. */
  private record Rates(Map<String, Long> picos, long above, Optional<Price.LongPrompt> longPrompt) {

    /** The price; what it does not name costs as much as uncached input, never nothing. */
    Price price() {
      long input = take(picos, "input");
      long output = take(picos, "output");
      long read = optional(picos, "cache_read", input);
      long write5m = optional(picos, "cache_write_5m", input);
      long write1h = optional(picos, "cache_write_1h", write5m);
      expect(picos.isEmpty(), "no member but those of a price");
      return new Price(input, read, write5m, write1h, output, longPrompt);
    }
  }

  private static Rates rates(JsonParser parser) {
    Map<String, Long> picos = new HashMap<>();
    long above = 0;
    Optional<Price.LongPrompt> longPrompt = Optional.empty();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "above_tokens" -> above = parser.getLongValue();
        case "long_prompt" -> {
          Rates rates = rates(parser);
          longPrompt = Optional.of(new Price.LongPrompt(rates.above(), rates.price()));
        }
        default ->
            picos.put(
                name,
                UsdPerMillion.parse(parser.getString()).orElseThrow(() -> defect("price " + name)));
      }
    }
    return new Rates(picos, above, longPrompt);
  }

  private static Protocol protocol(String text) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.text().equals(text)) {
        return protocol;
      }
    }
    throw defect("protocol " + text);
  }

  private static Provider.Auth auth(String text) {
    if (text.equals("bearer")) {
      return new Provider.Auth.Bearer();
    }
    expect(text.startsWith("header:"), "bearer or header:NAME");
    return new Provider.Auth.Header(text.substring("header:".length()));
  }

  private static <T> T take(Map<String, T> members, String name) {
    T value = members.remove(name);
    if (value == null) {
      throw defect("no " + name);
    }
    return value;
  }

  private static long optional(Map<String, Long> picos, String name, long fallback) {
    Long value = picos.remove(name);
    return value == null ? fallback : value;
  }

  private static void expect(boolean good, String what) {
    if (!good) {
      throw defect("expected " + what);
    }
  }

  private static IllegalStateException defect(String what) {
    return new IllegalStateException("catalog.json is broken: " + what);
  }
}
