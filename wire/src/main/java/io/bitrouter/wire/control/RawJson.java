package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * A value whose members this package does not judge: a policy's spec, a state in an audit row.
 *
 * @param text the value as JSON without insignificant white space; numbers keep their exact value
 */
@JsonDeserialize(using = RawJson.Reader.class)
public record RawJson(@JsonValue @JsonRawValue String text) {

  static final class Reader extends StdDeserializer<RawJson> {
    Reader() {
      super(RawJson.class);
    }

    @Override
    public RawJson deserialize(JsonParser in, DeserializationContext context) {
      StringWriter text = new StringWriter();
      try (JsonGenerator copy = ControlJson.mapper().createGenerator(text)) {
        copy.copyCurrentStructureExact(in);
      }
      return new RawJson(text.toString());
    }
  }
}
