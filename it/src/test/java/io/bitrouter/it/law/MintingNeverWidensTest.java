package io.bitrouter.it.law;

import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.testkit.SeededLoop;
import org.junit.jupiter.api.Test;

class MintingNeverWidensTest {

  @Test
  void noKeyCanDoWhatItsParentCannot() {
    SeededLoop.of("minting never widens")
        .seeds(3_000)
        .run(walk -> MintingLaw.check(walk, KeyMinter::mint));
  }
}
