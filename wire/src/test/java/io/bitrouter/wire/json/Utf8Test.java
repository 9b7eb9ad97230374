package io.bitrouter.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;

/** Encodings: what is refused, and how long a text is. */
class Utf8Test {

  @Test
  void agreesWithTheDecoderOfThePlatform() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int[] edges = {
      0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
      0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };
    for (int run = 0; run < 100_000; run++) {
      byte[] bytes = new byte[random.nextInt(24)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(3) == 0 ? (byte) edges[random.nextInt(edges.length)] : (byte) 'a';
      }
      int invalid = RequestScanner.firstInvalid(bytes);
      boolean agree =
          invalid < 0 ? decodes(bytes) : !decodes(bytes) && decodes(Arrays.copyOf(bytes, invalid));
      if (!agree) {
        throw new AssertionError("seed " + seed + ", run " + run + ": " + invalid);
      }
    }
  }

  @Test
  void acceptsEveryCharacterAndMeasuresIt() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
      if (RequestScanner.firstInvalid(bytes) != -1
          || stringBytes(Json.quoted(Character.toString(c))) != bytes.length) {
        throw new AssertionError("character " + c);
      }
    }
  }

  @Test
  void findsTheFaultInALongBody() {
    byte[] bytes = "é😀a".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    assertThat(RequestScanner.firstInvalid(bytes)).isEqualTo(-1);
    for (int at : new int[] {0, 4_095, 8_190, 20_001, bytes.length - 1}) {
      byte[] broken = bytes.clone();
      broken[at] = (byte) 0xFF;
      assertThat(RequestScanner.firstInvalid(broken)).isBetween(at - 3, at);
    }
  }

  private static int stringBytes(byte[] json) {
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      parser.nextToken();
      return Json.stringBytes(parser);
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
