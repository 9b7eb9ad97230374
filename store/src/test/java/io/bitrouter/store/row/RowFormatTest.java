package io.bitrouter.store.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestRow;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A row comes back exactly as it was written, and nothing else passes for one. */
class RowFormatTest {

  private static final NamespaceId NAMESPACE = new NamespaceId("ns_a");
  private static final KeyId KEY = new KeyId("key_a");

  @Test
  void everyFieldComesBack() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SampleRows sample = new SampleRows(new Random(seed));
    for (int i = 0; i < 5_000; i++) {
      RequestRow row = sample.any(NAMESPACE, KEY, 1_790_000_000_000_000L + i * 1_000);
      byte[] bytes = written(row);
      assertThat(EncodedRow.read(bytes, 0, bytes.length).decoded()).isEqualTo(row);
    }
  }

  @Test
  void aRowCutShortIsRefusedAtEveryLength() {
    byte[] bytes = written(new SampleRows(new Random(3)).plain(NAMESPACE, KEY, 1_000_000));
    for (int length = 0; length < bytes.length; length++) {
      int end = length;
      assertThatThrownBy(() -> EncodedRow.read(bytes, 0, end).decoded())
          .isInstanceOf(MalformedBytesException.class);
    }
  }

  @Test
  void textsAreCutAtTheirBound() {
    String text = "x".repeat(Texts.LIMIT - 1) + "🚀 and more";
    assertThat(Texts.bounded(text)).isEqualTo("x".repeat(Texts.LIMIT - 1));
    assertThat(Texts.bounded("short")).isEqualTo("short");
  }

  @Test
  void numbersOfEverySizeComeBack() {
    Random random = new Random(5);
    for (int shift = 0; shift < 64; shift++) {
      long value = random.nextLong() >> shift;
      ByteWriter out = new ByteWriter(1);
      out.zigzag(value);
      out.varint(value);
      out.u64(value);
      ByteReader in = new ByteReader(out.array(), 0, out.length());
      assertThat(in.zigzag()).isEqualTo(value);
      assertThat(in.varint()).isEqualTo(value);
      assertThat(in.u64()).isEqualTo(value);
      assertThat(in.remaining()).isZero();
    }
  }

  private static byte[] written(RequestRow row) {
    ByteWriter out = new ByteWriter(16);
    EncodedRow.write(out, row);
    return out.toByteArray();
  }
}
