package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads and writes the bodies of this package.
 *
 * <p>Unknown members are ignored. Refused are: anything after the value, a member that occurs twice
 * in one object, a fraction or a text where an integer is expected, a number where a text is
 * expected, and null for an integer or boolean. Thread-safe.
 */
public final class ControlJson {
  private static final JsonMapper MAPPER = build();

  private ControlJson() {}

  /** The configured mapper, for bodies that are not records of this package. Immutable. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** The body as UTF-8 JSON without insignificant white space. */
  public static byte[] bytes(Object body) {
    return MAPPER.writeValueAsBytes(body);
  }

  /** The body as JSON text without insignificant white space. */
  public static String text(Object body) {
    return MAPPER.writeValueAsString(body);
  }

  /**
   * Reads one body.
   *
   * @throws ControlFormatException with a sentence for the sender when the bytes are not that body
   */
  public static <T> T read(byte[] json, Class<T> type) {
    return read(json, type, name -> {});
  }

  /** As {@link #read(byte[], Class)}, telling {@code ignored} the name of each unknown member. */
  public static <T> T read(byte[] json, Class<T> type, Consumer<String> ignored) {
    try {
      T body = MAPPER.readerFor(type).withAttribute(UnknownMembers.class, ignored).readValue(json);
      if (body == null) {
        throw new ControlFormatException("the body must be a JSON object");
      }
      return body;
    } catch (JacksonException e) {
      throw explained(e);
    }
  }

  private static JsonMapper build() {
    SimpleModule times = new SimpleModule("rfc3339");
    times.addSerializer(new InstantWriter());
    times.addDeserializer(Instant.class, new InstantReader());
    return JsonMapper.builder(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
        .addModule(times)
        .addHandler(new UnknownMembers())
        .annotationIntrospector(new RequiredMembers())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .changeDefaultPropertyInclusion(
            unset -> unset.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }

  private static ControlFormatException explained(JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ControlFormatException own) {
        return own;
      }
    }
    String where = position(e.getLocation());
    if (e instanceof StreamReadException && !(e instanceof DatabindException)) {
      String what =
          e.getOriginalMessage().startsWith("Duplicate Object property")
              ? "a member occurs twice"
              : "the body is not valid JSON";
      return new ControlFormatException(what + where, e);
    }
    String member = path(e.getPath());
    if (e instanceof InvalidNullException) {
      return new ControlFormatException("member '" + member + "' must not be null", e);
    }
    if (e.getOriginalMessage().startsWith("Missing required creator property")
        || e.getOriginalMessage().startsWith("Null value for creator property")) {
      return new ControlFormatException("member '" + member + "' is required", e);
    }
    String what = member.isEmpty() ? "the body" : "member '" + member + "'";
    return new ControlFormatException(what + " does not have the expected type" + where, e);
  }

  private static String position(@Nullable TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private static String path(List<JacksonException.Reference> references) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference reference : references) {
      if (reference.getPropertyName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return path.toString();
  }

  /** Makes every member required that is not optional: a missing integer is never read as 0. */
  private static final class RequiredMembers extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      return member.getRawType() != Optional.class;
    }
  }

  /** Skips members that a body does not have, and tells their names to who reads it. */
  private static final class UnknownMembers extends DeserializationProblemHandler {
    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser in,
        ValueDeserializer<?> reader,
        Object body,
        String name) {
      if (context.getAttribute(UnknownMembers.class) instanceof Consumer<?> ignored) {
        told(ignored, name);
      }
      in.skipChildren();
      return true;
    }

    @SuppressWarnings("unchecked")
    private static void told(Consumer<?> ignored, String name) {
      ((Consumer<String>) ignored).accept(name);
    }
  }

  private static final class InstantWriter extends StdSerializer<Instant> {
    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializationContext context) {
      out.writeString(Rfc3339.format(value));
    }
  }

  private static final class InstantReader extends StdDeserializer<Instant> {
    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) {
      String text = in.getValueAsString();
      if (text == null) {
        throw context.wrongTokenException(in, Instant.class, in.currentToken(), "not a text");
      }
      try {
        return Rfc3339.parse(text);
      } catch (IllegalArgumentException e) {
        throw new ControlFormatException(
            "member '" + in.currentName() + "' is " + e.getMessage(), e);
      }
    }
  }
}
