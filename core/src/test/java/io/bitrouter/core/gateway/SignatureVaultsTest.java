package io.bitrouter.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.catalog.ProviderId;
import io.bitrouter.core.namespace.NamespaceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What providers want back is kept for one namespace and one call, for a while, within bounds. */
class SignatureVaultsTest {

  private static final NamespaceId A = new NamespaceId("ns_0000000000000000000000000a");
  private static final NamespaceId B = new NamespaceId("ns_0000000000000000000000000b");
  private static final int MIB = 1 << 20;

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final SignatureVaults vaults = new SignatureVaults(clock, new Random(1));

  @Test
  void whatWasKeptIsFoundAsOftenAsItIsWanted() {
    vaults.of(A).keep("call_1", bytes("first"));
    vaults.of(A).keep("call_2", bytes(""));
    for (int i = 0; i < 3; i++) {
      assertThat(found(A, "call_1")).hasValue("first");
      assertThat(found(A, "call_2")).hasValue("");
    }
    vaults.of(A).keep("call_1", bytes("second"));
    assertThat(found(A, "call_1")).hasValue("second");
  }

  @Test
  void itIsFoundByNoOtherNamespaceAndUnderNoOtherCall() {
    vaults.of(A).keep("call_1", bytes("of a"));
    assertThat(found(B, "call_1")).isEmpty();
    assertThat(found(A, "call_2")).isEmpty();
    vaults.of(B).keep("call_1", bytes("of b"));
    assertThat(found(A, "call_1")).hasValue("of a");
    assertThat(found(B, "call_1")).hasValue("of b");
  }

  @Test
  void itIsKeptForTwoHours() {
    vaults.of(A).keep("call_1", bytes("kept"));
    clock.advance(Duration.ofHours(2));
    assertThat(found(A, "call_1")).hasValue("kept");
    clock.advance(Duration.ofNanos(1));
    assertThat(found(A, "call_1")).isEmpty();
    vaults.of(A).keep("call_1", bytes("anew"));
    assertThat(found(A, "call_1")).hasValue("anew");
  }

  @Test
  void anObjectIsKnownToTheNamespaceThatObtainedItFromThatProviderForTwoHours() {
    ProviderId one = new ProviderId("one");
    vaults.of(A).obtained(one, "file-1");
    assertThat(vaults.of(A).hasObtained(one, "file-1")).isTrue();
    assertThat(vaults.of(A).hasObtained(one, "file-2")).isFalse();
    assertThat(vaults.of(A).hasObtained(new ProviderId("two"), "file-1")).isFalse();
    assertThat(vaults.of(B).hasObtained(one, "file-1")).isFalse();
    clock.advance(Duration.ofHours(2));
    assertThat(vaults.of(A).hasObtained(one, "file-1")).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(vaults.of(A).hasObtained(one, "file-1")).isFalse();
  }

  /** Providers choose the ids of calls, and a bad one could choose what names an object. */
  @Test
  void theIdOfACallNamesNoObject() {
    ProviderId one = new ProviderId("one");
    for (String id : List.of("object one file-1", "one file-1", "file-1", "one\u0000file-1")) {
      vaults.of(A).keep(id, bytes(""));
    }
    assertThat(vaults.of(A).hasObtained(one, "file-1")).isFalse();
  }

  @Test
  void aNamespaceHasFourMebibytesAndTheOldestGoFirst() {
    vaults.of(B).keep("call_0", bytes("of another"));
    byte[] large = new byte[MIB / 2];
    for (int i = 0; i < 20; i++) {
      vaults.of(A).keep("call_" + i, large);
    }
    // Eight halves would fit if nothing but the bytes counted.
    assertThat(IntStream.range(0, 20).filter(i -> found(A, "call_" + i).isPresent()))
        .containsExactly(13, 14, 15, 16, 17, 18, 19);
    assertThat(found(B, "call_0")).hasValue("of another");
  }

  /** Every namespace could fill its own four, and a node has memory for a few dozen of them. */
  @Test
  void allTogetherHaveThirtyTwoMebibytesAndWhoHoldsMostLosesFirst() {
    vaults.of(A).keep("small", bytes("of one with little"));
    byte[] large = new byte[MIB / 2 - 512];
    for (int namespace = 0; namespace < 16; namespace++) {
      for (int call = 0; call < 8; call++) {
        vaults.of(many(namespace)).keep("call_" + call, large);
      }
    }
    long left =
        IntStream.range(0, 16 * 8)
            .filter(i -> found(many(i / 8), "call_" + i % 8).isPresent())
            .count();
    assertThat(left).isBetween(60L, 64L);
    assertThat(IntStream.range(0, 16).filter(i -> found(many(i), "call_7").isEmpty())).isEmpty();
    assertThat(found(A, "small")).hasValue("of one with little");
  }

  @Test
  void sweepingMakesRoomOfWhatIsTooOld() {
    byte[] large = new byte[MIB / 2 - 512];
    for (int i = 0; i < 64; i++) {
      vaults.of(many(i / 8)).keep("call_" + i % 8, large);
    }
    clock.advance(Duration.ofHours(3));
    vaults.sweep();
    for (int i = 0; i < 8; i++) {
      vaults.of(A).keep("call_" + i, large);
    }
    assertThat(IntStream.range(0, 8).filter(i -> found(A, "call_" + i).isEmpty())).isEmpty();
  }

  private static NamespaceId many(int number) {
    return new NamespaceId("ns_%026d".formatted(number));
  }

  /** Many small ones take memory by their number, and an id can be longer than what it is for. */
  @Test
  void smallOnesCountWithAllThatTheyTake() {
    String longest = "x".repeat(250);
    int many = 40_000;
    for (int i = 0; i < many; i++) {
      vaults.of(A).keep(longest + i, bytes("s"));
    }
    long left = IntStream.range(0, many).filter(i -> found(A, longest + i).isPresent()).count();
    assertThat(left).isBetween(5_000L, 4L * MIB / 250);
    assertThat(found(A, longest + (many - 1))).hasValue("s");
  }

  @Test
  void keepingOneCallAgainAndAgainTakesNoMoreRoom() {
    vaults.of(A).keep("other", bytes("stays"));
    for (int i = 0; i < 100; i++) {
      vaults.of(A).keep("call_1", new byte[MIB / 2]);
    }
    assertThat(found(A, "other")).hasValue("stays");
  }

  @Test
  void whatIsTooLargeIsNotKeptAndDrivesNothingOut() {
    vaults.of(A).keep("call_1", bytes("kept"));
    vaults.of(A).keep("large", new byte[MIB / 2 + 1]);
    vaults.of(A).keep("x".repeat(257), bytes("under too long an id"));
    assertThat(found(A, "large")).isEmpty();
    assertThat(found(A, "x".repeat(257))).isEmpty();
    assertThat(found(A, "call_1")).hasValue("kept");
  }

  private Optional<String> found(NamespaceId namespace, String callId) {
    return vaults
        .of(namespace)
        .find(callId)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
