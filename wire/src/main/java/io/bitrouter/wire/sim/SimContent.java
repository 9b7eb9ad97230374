package io.bitrouter.wire.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The words of a simulated answer, one token each, dealt out to chunks.
 *
 * @param source words that are repeated as often as needed; not empty unless {@code words} is 0
 * @param words number of words generated
 * @param chunks number of chunks they come in
 * @param cut whether {@code max_tokens} ended the answer
 * @param tool the tool that is called with these words as its arguments, when one is
 */
record SimContent(
    List<String> source, int words, int chunks, boolean cut, Optional<Steering.Tool> tool) {

  private static final int DEFAULT_LOREM_WORDS = 64;
  private static final int ARGUMENT_PIECE = 4;
  private static final List<String> LOREM =
      words(
          "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor "
              + "incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis "
              + "nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. ");

  /**
   * The content for a request, the same for each of its choices; all of them together have at most
   * {@link Steering#MAX_CHUNKS} words.
   *
   * @throws SimFault when there is no such model
   */
  static SimContent of(
      String model, String userText, OptionalInt maxTokens, int choices, Steering steering) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    List<String> source;
    int wanted;
    if (steering.tool().isPresent()) {
      source = pieces(steering.tool().get().arguments());
      wanted = source.size();
    } else {
      switch (name) {
        case "echo" -> {
          source = words(userText);
          wanted = steering.outputTokens().orElse(source.size());
        }
        case "lorem" -> {
          source = LOREM;
          wanted = steering.outputTokens().orElse(steering.chunks().orElse(DEFAULT_LOREM_WORDS));
        }
        default ->
            throw SimFault.unknownModel(
                "the simulator has no model '" + model + "', only echo and lorem");
      }
    }
    if (source.isEmpty()) {
      source = LOREM;
    }
    int bound = Steering.MAX_CHUNKS / choices;
    int most = Math.min(bound, maxTokens.orElse(bound));
    int words = Math.min(wanted, most);
    int chunks = Math.min(words, steering.chunks().orElse(words));
    return new SimContent(source, words, chunks, words < wanted, steering.tool());
  }

  /** All of it. */
  String text() {
    return text(0, words);
  }

  /** The text of one chunk, from 0. */
  String chunk(int index) {
    return text(boundary(index), boundary(index + 1));
  }

  private int boundary(int index) {
    return (int) ((long) index * words / chunks);
  }

  private String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      String word = source.get(i % source.size());
      text.append(word);
      boolean joint = (i + 1) % source.size() == 0 && i + 1 < words;
      if (joint && tool.isEmpty() && !word.endsWith(" ")) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  /** Words with the white space that follows them; together they are the text. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 1; i < text.length() && words.size() < Steering.MAX_CHUNKS; i++) {
      boolean begins = !isSpace(text.charAt(i)) && isSpace(text.charAt(i - 1));
      if (begins) {
        words.add(text.substring(start, i));
        start = i;
      }
    }
    if (start < text.length() && words.size() < Steering.MAX_CHUNKS) {
      words.add(text.substring(start));
    }
    return List.copyOf(words);
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(start + ARGUMENT_PIECE, text.length());
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end++;
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return List.copyOf(pieces);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }
}
