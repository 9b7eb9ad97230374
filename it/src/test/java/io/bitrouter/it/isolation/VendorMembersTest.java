package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.genai.types.GenerateContentConfig;
import io.bitrouter.it.sdk.Vendor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the vendors' own libraries can say that looks like the name of an object is either known as
 * one or known to be none: a library that is newer brings up what is new in its protocol.
 */
class VendorMembersTest {

  /** How the names of objects are called. */
  private static final Pattern LIKE_A_NAME =
      Pattern.compile(
          "id|.*_ids?|.*(Ids?|Uri)|conversation|container|.*[cC]ached_?[cC]ontent|.*(Store|Corpus|Corpora)(Names)?|datastore");

  private static final List<String> LIBRARIES =
      List.of("com.openai.models.", "com.anthropic.models.", "com.google.genai.types.");

  static Stream<Arguments> requests() {
    return Stream.of(
        Arguments.of(
            Vendor.CHAT,
            com.openai.models.chat.completions.ChatCompletionCreateParams.Body.class,
            // Ties a result to its call.
            Set.of("tool_call_id")),
        Arguments.of(
            Vendor.RESPONSES,
            com.openai.models.responses.ResponseCreateParams.Body.class,
            // Ties between items of the input, and a connector that is everybody's.
            Set.of("call_id", "caller_id", "approval_request_id", "connector_id")),
        Arguments.of(
            Vendor.MESSAGES,
            com.anthropic.models.beta.messages.MessageCreateParams.Body.class,
            // Ties between blocks, what a client's browser has, and a name that is replaced.
            Set.of("tool_use_id", "tool_id", "tab_id", "download_id", "user_id")),
        Arguments.of(
            Vendor.GEMINI,
            GenerateContentConfig.class,
            // Ties a result to its call, and settings of the library itself.
            Set.of("id", "vertexRagStore")));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isKnown(Vendor client, Class<?> request, Set<String> others) {
    assertThat(unknown(request, known(client, others))).isEmpty();
    assertThat(unknown(request, Set.of())).containsAll(others);
  }

  @Test
  void aMemberThatNobodyKnowsIsFound() {
    Set<String> known = known(Vendor.GEMINI, Set.of("id", "vertexRagStore"));
    known.remove("cachedContent");
    assertThat(unknown(GenerateContentConfig.class, known)).containsExactly("cachedContent");
  }

  private static Set<String> known(Vendor client, Set<String> others) {
    Set<String> known = new TreeSet<>(others);
    HandleMember.of(client).forEach(it -> known.addAll(List.of(it.place().split("\\.", -1))));
    return known;
  }

  private static Set<String> unknown(Class<?> request, Set<String> known) {
    Set<String> found = new TreeSet<>();
    collect(request, new HashSet<>(), found);
    found.removeAll(known);
    return found;
  }

  private static void collect(Type type, Set<Type> seen, Set<String> found) {
    switch (type) {
      case ParameterizedType generic -> {
        for (Type argument : generic.getActualTypeArguments()) {
          collect(argument, seen, found);
        }
      }
      case WildcardType wildcard -> collect(wildcard.getUpperBounds()[0], seen, found);
      case Class<?> library when LIBRARIES.stream().anyMatch(library.getName()::startsWith) -> {
        if (seen.add(library)) {
          members(library, seen, found);
        }
      }
      default -> {}
    }
  }

  private static void members(Class<?> library, Set<Type> seen, Set<String> found) {
    for (Method method : library.getDeclaredMethods()) {
      JsonProperty property = method.getAnnotation(JsonProperty.class);
      if (method.getParameterCount() == 0 && property != null) {
        if (LIKE_A_NAME.matcher(property.value()).matches()) {
          found.add(property.value());
        }
        collect(method.getGenericReturnType(), seen, found);
      }
    }
    for (Field field : library.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        collect(field.getGenericType(), seen, found);
      }
    }
  }
}
