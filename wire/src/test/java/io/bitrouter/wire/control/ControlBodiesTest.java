package io.bitrouter.wire.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.wire.control.Audit.AuditRow;
import io.bitrouter.wire.control.Operators.IssuedOperator;
import io.bitrouter.wire.control.Policies.EffectivePolicies;
import io.bitrouter.wire.control.Policies.PolicyChange;
import io.bitrouter.wire.control.Policies.PolicyInfo;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every body of the package is read back as it was written, full and with nothing optional. */
class ControlBodiesTest {
  private static final String PACKAGE = "io.bitrouter.wire.control.";

  static Stream<Class<?>> bodies() throws IOException, URISyntaxException {
    Path folder = Path.of(ControlJson.class.getResource("ControlJson.class").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      List<Class<?>> found =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
              .<Class<?>>map(name -> load(PACKAGE + name.replace(".class", "")))
              .filter(type -> type.isRecord() && type != RawJson.class)
              .toList();
      return found.stream();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theBodiesAreFound() throws IOException, URISyntaxException {
    assertThat(bodies()).hasSizeGreaterThan(50).contains(PolicyInfo.class, AuditRow.Party.class);
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void everyBodySurvives(Class<?> type) throws ReflectiveOperationException {
    for (boolean full : new boolean[] {true, false}) {
      Object body = sample(type, full);
      byte[] json = ControlJson.bytes(body);

      assertThat(ControlJson.<Object>read(json, raw(type))).isEqualTo(body);
      assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("null");
    }
  }

  @Test
  void aSpecKeepsItsNumbersExactlyAndAMemberTwiceIsRefused() {
    String spec = "{\"a\":1.50e3,\"b\":[9223372036854775808,null,\"\\u00e9\"],\"c\":{}}";
    byte[] json = ("{\"spec\": " + spec + " }").getBytes(StandardCharsets.UTF_8);

    PolicyChange change = ControlJson.read(json, PolicyChange.class);

    assertThat(change.spec().orElseThrow().text())
        .isEqualTo("{\"a\":1.50E+3,\"b\":[9223372036854775808,null,\"é\"],\"c\":{}}");
    assertThatThrownBy(() ->
            ControlJson.read(
                "{\"spec\":{\"a\":1,\"a\":2}}".getBytes(StandardCharsets.UTF_8),
                PolicyChange.class))
        .isInstanceOf(ControlFormatException.class)
        .hasMessageStartingWith("a member occurs twice");
  }

  @Test
  void aClauseHasTheMembersOfItsSpecBesideItsSource() {
    EffectivePolicies.Clause clause =
        new EffectivePolicies.Clause(
            "pol_1", "cap", "pb_1", "api_key", "key_1", Map.of("limit_micro_usd", 5));

    assertThat(ControlJson.text(clause))
        .isEqualTo(
            "{\"policy_id\":\"pol_1\",\"policy_name\":\"cap\",\"binding_id\":\"pb_1\","
                + "\"principal_type\":\"api_key\",\"principal_id\":\"key_1\","
                + "\"limit_micro_usd\":5}");
  }

  @Test
  void whatHoldsASecretDoesNotShowIt() {
    IssuedOperator issued =
        new IssuedOperator(
            "bro_a.b", "op_1", "finance", List.of(), Optional.empty(), Optional.empty());

    assertThat(issued.toString()).doesNotContain("bro_a.b");
  }

  @SuppressWarnings("unchecked")
  private static Class<Object> raw(Class<?> type) {
    return (Class<Object>) type;
  }

  private static Object sample(Type type, boolean full) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Optional.class) {
        return full ? Optional.of(sample(last, true)) : Optional.empty();
      }
      return generic.getRawType() == List.class
          ? full ? List.of(sample(last, true), sample(last, false)) : List.of()
          : Map.of("limit_micro_usd", 5, "window", "day");
    }
    return switch (((Class<?>) type).getSimpleName()) {
      case "String" -> "text";
      case "long", "Long" -> 9_007_199_254_740_993L;
      case "int" -> 7;
      case "boolean", "Boolean" -> true;
      case "Instant" -> Instant.parse("2026-05-01T00:00:00.250Z");
      case "RawJson" -> new RawJson("{\"limit\":1.50,\"list\":[1,{}]}");
      default -> record((Class<?>) type, full);
    };
  }

  private static Object record(Class<?> type, boolean full) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = sample(components[i].getGenericType(), full);
    }
    return type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
        .newInstance(values);
  }
}
