package io.bitrouter.core.exchange;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request in the terms that all protocols share. It exists only where client and upstream speak
 * different protocols; otherwise the client's own bytes are forwarded.
 *
 * @param model the model as asked
 * @param streamed whether the client asks for a stream
 * @param turns the conversation in order, instructions included where they stood
 * @param tools tools offered and how they may be called
 * @param sampling how tokens are chosen
 * @param maxOutput most output tokens per choice, when the client says so
 * @param thinking how much the model is to think, when the client says so
 * @param format the form of the answer
 * @param choices answers asked for, at least 1
 * @param user an identifier of the client's user, when there is one
 * @param cacheKey what the client calls the cache of its prompt, when it has a name for it
 * @param unknown names of members that have no meaning outside of the client's protocol
 */
public record InferenceRequest(
    String model,
    boolean streamed,
    List<Turn> turns,
    Tooling tools,
    Sampling sampling,
    OptionalLong maxOutput,
    Optional<Thinking> thinking,
    AnswerFormat format,
    int choices,
    Optional<String> user,
    Optional<String> cacheKey,
    List<String> unknown) {

  /** Who speaks in a turn. */
  public enum Role {
    /** Instructions. */
    SYSTEM,
    /** The client and its tools. */
    USER,
    /** The model. */
    ASSISTANT
  }

  /**
   * One turn. Neighbouring turns can have the same role; results of tools are parts of a user's
   * turn, instructions can stand anywhere.
   */
  public record Turn(Role role, List<Part> parts) {}

  /**
   * The tools of a request.
   *
   * @param offered in order
   * @param choice which must be called
   * @param parallel whether several may be called in one turn, when the client says so
   */
  public record Tooling(List<Tool> offered, ToolChoice choice, Optional<Boolean> parallel) {

    /** No tools. */
    public static final Tooling NONE =
        new Tooling(List.of(), new ToolChoice.Auto(), Optional.empty());
  }

  /** A tool that is offered. */
  public sealed interface Tool {
    /** Its name, or its type when the provider runs it. */
    String name();

    /**
     * A function with JSON arguments that the client runs.
     *
     * @param schema JSON schema of the arguments, an object
     * @param strict whether arguments must fit the schema, when the client says so
     */
    record Function(
        String name,
        Optional<String> description,
        JsonText schema,
        Optional<Boolean> strict,
        Optional<CacheMark> cache)
        implements Tool {}

    /** A tool of OpenAI's kind {@code custom}: the client runs it, its input is plain text. */
    record Freeform(String name, Optional<String> description) implements Tool {}

    /** A tool that the provider runs; it has no meaning at another provider. */
    record Provided(String name) implements Tool {}
  }

  /** Which tool must be called. */
  public sealed interface ToolChoice {
    /** Whichever the model likes, or none. */
    record Auto() implements ToolChoice {}

    /** None. */
    record None() implements ToolChoice {}

    /** Any, but one. */
    record Required() implements ToolChoice {}

    /** This one. */
    record Named(String tool) implements ToolChoice {}
  }

  /**
   * How tokens are chosen; what is empty is left to the provider.
   *
   * @param stop texts that end an answer
   */
  public record Sampling(
      Optional<Double> temperature,
      Optional<Double> topP,
      OptionalLong topK,
      OptionalLong seed,
      Optional<Double> presencePenalty,
      Optional<Double> frequencyPenalty,
      List<String> stop) {

    /** Everything is left to the provider. */
    public static final Sampling DEFAULT =
        new Sampling(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());
  }

  /** The form of an answer. */
  public sealed interface AnswerFormat {
    /** Text. */
    record Text() implements AnswerFormat {}

    /** Any JSON object. */
    record JsonObject() implements AnswerFormat {}

    /**
     * JSON of a schema.
     *
     * @param name a name for it; protocols that have none are given {@code answer}
     */
    record JsonSchema(
        String name, Optional<String> description, JsonText schema, Optional<Boolean> strict)
        implements AnswerFormat {}
  }
}
