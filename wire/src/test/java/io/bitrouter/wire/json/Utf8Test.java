package io.bitrouter.wire.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
      int invalid = Utf8.firstInvalid(bytes, 0, bytes.length);
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
      char[] chars = Character.toChars(c);
      if (Utf8.firstInvalid(bytes, 0, bytes.length) != -1
          || Utf8.length(chars, 0, chars.length) != bytes.length) {
        throw new AssertionError("character " + c);
      }
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
