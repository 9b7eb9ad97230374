package io.bitrouter.wire.embed;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What an upstream's answer says, while it is read. Not thread-safe. */
public final class Vectors {

  private record Item(long index, double[] values) {}

  private final boolean kept;
  private final List<Item> items = new ArrayList<>();
  private long tokens = Json.ABSENT;
  private boolean broken;

  /** Nothing yet; the vectors themselves are read only to be {@code kept}. */
  Vectors(boolean kept) {
    this.kept = kept;
  }

  /** Takes the parser's token for the tokens of the texts. */
  public void tokens(JsonParser json) {
    tokens = Json.tokens(json);
  }

  /**
   * Reads one vector: the object that the parser's token opens, with its {@code index} if it has
   * one and else in the place at which it comes.
   *
   * @param values the object's member that lists the numbers
   */
  public void item(JsonParser json, String values) {
    if (!kept) {
      return;
    }
    long[] index = {items.size()};
    List<double[]> read = new ArrayList<>(1);
    Json.members(
        json,
        (name, value) -> {
          if (name.equals("index")) {
            index[0] = Json.tokens(value);
          } else if (name.equals(values)) {
            read.add(numbers(value));
          }
        });
    broken |= read.size() != 1 || index[0] == Json.ABSENT;
    items.add(new Item(index[0], read.isEmpty() ? new double[0] : read.getFirst()));
  }

  private double[] numbers(JsonParser json) {
    DoubleStream.Builder numbers = DoubleStream.builder();
    broken |= json.currentToken() != JsonToken.START_ARRAY;
    Json.elements(
        json,
        element -> {
          double number =
              element.currentToken().isNumeric() ? element.getDoubleValue() : Double.NaN;
          broken |= !Double.isFinite(number);
          numbers.add(number);
        });
    return numbers.build().toArray();
  }

  /** The vectors in the order of their texts; empty unless there are {@code count} sound ones. */
  Optional<List<double[]>> inOrder(int count) {
    items.sort(Comparator.comparingLong(Item::index));
    for (int i = 0; i < items.size(); i++) {
      broken |= items.get(i).index() != i;
    }
    return broken || items.size() != count
        ? Optional.empty()
        : Optional.of(items.stream().map(Item::values).toList());
  }

  /** What was used, if the answer says so. */
  Optional<MeasuredUsage> usage() {
    return tokens == Json.ABSENT
        ? Optional.empty()
        : Optional.of(
            new MeasuredUsage(new TokenUsage(tokens, 0, 0, 0, 0, 0), UsageOrigin.REPORTED));
  }
}
