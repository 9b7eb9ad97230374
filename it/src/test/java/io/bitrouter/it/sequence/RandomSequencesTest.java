package io.bitrouter.it.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.SeededLoop;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Keys are minted, rotated and revoked, policies made, bound and switched, namespaces renamed and
 * deleted, and inference asked for between all that: every answer, and everything that is kept at
 * the end, is what the reference says.
 */
final class RandomSequencesTest {

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void everyAnswerAndTheWholeStoreAreWhatTheReferenceSays() {
    Set<String> outcomes = new HashSet<>();
    SeededLoop.of("random sequences")
        .seeds(30)
        .run(walk -> new RandomSequence(Front.of(WORLD.node()), walk, outcomes).run(120));
    assertThat(outcomes)
        .as("what the sequences have come across")
        .containsExactlyInAnyOrder(
            "200",
            "401 key_expired",
            "401 key_revoked",
            "401 unauthorized",
            "402 budget_exceeded",
            "403 forbidden",
            "403 model_not_allowed",
            "404 not_found",
            "409 conflict");
  }
}
