package io.bitrouter.node.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bitrouter.wire.control.RawJson;
import io.bitrouter.wire.policy.PolicySpecs;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON Schemas of the control plane's records, each under its name. Used by one thread. */
final class Schemas {

  private final ObjectNode all;

  Schemas(ObjectNode all) {
    this.all = all;
    all.setAll(PolicySpecs.schemas());
  }

  /** Writes a reference to the schema of {@code type} into {@code into}. */
  void refer(Class<?> type, ObjectNode into) {
    String name = name(type);
    if (!all.has(name)) {
      // First the name, so that a record that contains itself ends.
      ObjectNode schema = all.putObject(name);
      record(type, schema);
    }
    into.put("$ref", "#/components/schemas/" + name);
  }

  private void record(Class<?> type, ObjectNode schema) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (RecordComponent member : type.getRecordComponents()) {
      if (member.getType() == Map.class) {
        // The members of a policy's spec stand beside the record's own.
        schema.putObject("additionalProperties");
        continue;
      }
      ObjectNode property = properties.putObject(wireName(member));
      value(member.getGenericType(), property);
      spec(wireName(member), member.getGenericType(), property);
      if (member.getType() != Optional.class) {
        required.add(wireName(member));
      }
    }
  }

  /** Objects that the records leave open are policies' specs where they are called so. */
  private static void spec(String name, Type type, ObjectNode schema) {
    if (!type.getTypeName().contains(RawJson.class.getName())) {
      return;
    }
    switch (name) {
      case "budget" -> reference(schema, "BudgetSpec");
      case "rate_limit" -> reference(schema, "RateLimitSpec");
      case "guardrail" -> reference(schema, "GuardrailSpec");
      case "spec" -> {
        schema.removeAll();
        ArrayNode either = schema.putArray("anyOf");
        for (String one : List.of("BudgetSpec", "RateLimitSpec", "GuardrailSpec", "PresetSpec")) {
          either.addObject().put("$ref", "#/components/schemas/" + one);
        }
      }
      default -> {
        // Some other object.
      }
    }
  }

  private static void reference(ObjectNode schema, String name) {
    schema.removeAll();
    schema.put("$ref", "#/components/schemas/" + name);
  }

  private void value(Type type, ObjectNode schema) {
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == List.class) {
        value(argument, schema.put("type", "array").putObject("items"));
      } else {
        value(argument, schema);
      }
    } else if (type == String.class) {
      schema.put("type", "string");
    } else if (type == Instant.class) {
      schema.put("type", "string").put("format", "date-time");
    } else if (type == boolean.class || type == Boolean.class) {
      schema.put("type", "boolean");
    } else if (type == long.class || type == int.class || type == Long.class) {
      schema.put("type", "integer").put("format", "int64");
    } else if (type == RawJson.class) {
      schema.put("type", "object");
    } else if (type instanceof Class<?> record && record.isRecord()) {
      refer(record, schema);
    } else {
      throw new IllegalStateException("no schema for " + type);
    }
  }

  /** Records inside of others are named after both: {@code BudgetStatusBinding}. */
  private static String name(Class<?> type) {
    Class<?> around = type.getDeclaringClass();
    return around != null && around.isRecord()
        ? name(around) + type.getSimpleName()
        : type.getSimpleName();
  }

  /** The member's name on the wire, as the writer of bodies has it. */
  private static String wireName(RecordComponent member) {
    JsonProperty named = member.getAccessor().getAnnotation(JsonProperty.class);
    return named != null
        ? named.value()
        : member.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
  }
}
