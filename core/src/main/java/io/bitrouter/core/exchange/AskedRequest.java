package io.bitrouter.core.exchange;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request asks for, in the terms that rules judge; the same for every protocol.
 *
 * @param model the model as asked
 * @param streamed whether a stream is asked for
 * @param declaredOutput output tokens allowed per choice, when the request says so
 * @param choices answers asked for, at least 1
 * @param inputBytes length of the body
 * @param modalities kinds of input in it: {@code text}, {@code image}, {@code audio}, {@code file}
 * @param tools names of the tools offered; of a tool that the provider runs, its type
 * @param mediaParts images, sounds and files in it
 * @param mediaBytes bytes of the body that images and sounds take
 * @param cacheWrites whether the body asks for its prompt to be written to a cache
 * @param elsewhere what the model reads that is not in the body
 * @param handles objects kept by a provider that it names
 * @param fallbacks models to try after {@code model}, in order
 */
public record AskedRequest(
    String model,
    boolean streamed,
    OptionalLong declaredOutput,
    int choices,
    long inputBytes,
    Set<String> modalities,
    List<String> tools,
    int mediaParts,
    long mediaBytes,
    boolean cacheWrites,
    Elsewhere elsewhere,
    List<Handle> handles,
    List<String> fallbacks) {

  /** The same for another model. */
  public AskedRequest withModel(String other) {
    return other.equals(model)
        ? this
        : new AskedRequest(
            other,
            streamed,
            declaredOutput,
            choices,
            inputBytes,
            modalities,
            tools,
            mediaParts,
            mediaBytes,
            cacheWrites,
            elsewhere,
            handles,
            fallbacks);
  }

  /** The same where no text is to be generated. */
  public AskedRequest withoutOutput() {
    return new AskedRequest(
        model,
        false,
        OptionalLong.of(0),
        1,
        inputBytes,
        modalities,
        tools,
        mediaParts,
        mediaBytes,
        cacheWrites,
        elsewhere,
        handles,
        fallbacks);
  }

  /** The same with a declared output. */
  public AskedRequest withDeclaredOutput(long tokens) {
    return new AskedRequest(
        model,
        streamed,
        OptionalLong.of(tokens),
        choices,
        inputBytes,
        modalities,
        tools,
        mediaParts,
        mediaBytes,
        cacheWrites,
        elsewhere,
        handles,
        fallbacks);
  }
}
