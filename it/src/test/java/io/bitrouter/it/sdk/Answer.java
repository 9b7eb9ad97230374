package io.bitrouter.it.sdk;

import java.util.List;

/**
 * What an upstream is to say, in no protocol yet. Immutable.
 *
 * @param thought what it thinks first; empty when it does not
 * @param text what it says then; empty when it says nothing
 * @param calls the tools it calls then
 * @param tokens what it reports to have used
 */
public record Answer(String thought, String text, List<Call> calls, Tokens tokens) {

  /** The two calls that are made at once. */
  static final List<Call> PARALLEL =
      List.of(
          new Call("call_up_1", "get_weather", "{\"city\":\"Paris\",\"days\":2}"),
          new Call("call_up_2", "get_time", "{\"zone\":\"Europe/Z\u00fcrich\"}"));

  /**
   * A call of a tool.
   *
   * @param id the upstream's id of it, where its protocol has one
   * @param arguments JSON
   */
  public record Call(String id, String name, String arguments) {}

  /** Says this. */
  public static Answer saying(String text) {
    return new Answer("", text, List.of(), Tokens.PLAIN);
  }

  /** Calls these tools, without a word. */
  public static Answer calling(List<Call> calls) {
    return new Answer("", "", calls, Tokens.PLAIN);
  }

  /** The same after a thought. */
  Answer thinking(String words) {
    return new Answer(words, text, calls, tokens);
  }

  /** The same with other figures. */
  public Answer using(Tokens figures) {
    return new Answer(thought, text, calls, figures);
  }

  /** A text in the pieces in which a stream says it: they join to the text. */
  static List<String> pieces(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("(?<=[ ,:])"));
  }
}
