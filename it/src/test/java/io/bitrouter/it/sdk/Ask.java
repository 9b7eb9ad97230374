package io.bitrouter.it.sdk;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client library is to ask. Immutable.
 *
 * @param model the model
 * @param system instructions
 * @param text what the user says
 * @param features what else is in it
 * @param previous an answer that called tools, whose results are sent now
 */
record Ask(
    String model, String system, String text, List<Feature> features, Optional<Said> previous) {

  /** A picture of one pixel, PNG in base64. */
  static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  /** What the tools answer, in the order of {@link Answer#PARALLEL}. */
  static final List<String> RESULTS = List.of("sunny, 21 degrees", "half past twelve");

  /** The parameters of the tools that are offered: names of texts and of whole numbers. */
  static final Map<String, List<String>> TOOLS =
      Map.of("get_weather", List.of("city", "days"), "get_time", List.of("zone"));

  /** What can be in a request. */
  enum Feature {
    /** The tools of {@link #TOOLS}. */
    TOOLS,
    /** The picture. */
    IMAGE,
    /** The answer is to be a {@link Forecast}. */
    SCHEMA,
    /** The model is to think, and to say what. */
    THOUGHT
  }

  /** A form of answers; libraries read it by its fields. */
  static final class Forecast {
    /** Where. */
    public String city = "";

    /** For how long. */
    public int days;
  }

  /** A plain question. */
  static Ask of(Vendor upstream) {
    return new Ask(upstream.model(), "Be terse.", "How is it?", List.of(), Optional.empty());
  }

  /** The same with something in it. */
  Ask with(Feature feature) {
    return new Ask(model, system, text, List.of(feature), previous);
  }

  /** The same after an answer that called tools. */
  Ask after(Said said) {
    return new Ask(model, system, text, features, Optional.of(said));
  }

  /** Whether it has this. */
  boolean has(Feature feature) {
    return features.contains(feature);
  }
}
