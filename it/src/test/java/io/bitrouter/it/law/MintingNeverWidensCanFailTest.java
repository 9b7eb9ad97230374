package io.bitrouter.it.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.KeyMinter.Parent;
import io.bitrouter.core.credential.KeyMinter.Wanted;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.testkit.SeededLoop;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MintingNeverWidensCanFailTest {

  @Test
  void aMinterThatForgetsTheParentsScopesIsFound() {
    MintingLaw.Minting hole =
        (minter, parent, wanted) ->
            minter.mint(
                new Parent(
                    OperatorGrant.ofTheNodeItself().enter(parent.grant().namespace()),
                    parent.key(),
                    parent.endsAtMicros()),
                wanted);
    assertFound(hole, "its parent may not");
  }

  @Test
  void aMinterThatForgetsTheParentsEndIsFound() {
    MintingLaw.Minting hole =
        (minter, parent, wanted) ->
            minter.mint(new Parent(parent.grant(), parent.key(), OptionalLong.empty()), wanted);
    assertFound(hole, "the child outlives its parent");
  }

  @Test
  void aMinterThatNarrowsSilentlyIsFound() {
    MintingLaw.Minting hole =
        (minter, parent, wanted) -> minter.mint(parent, onlyWhatIsAllowed(parent, wanted));
    assertFound(hole, "the child was narrowed silently");
  }

  private static Wanted onlyWhatIsAllowed(Parent parent, Wanted wanted) {
    return new Wanted(
        wanted.name(),
        wanted.scopes().stream().filter(parent.grant().scopes()::allows).toList(),
        wanted.expiresAtMicros());
  }

  private static void assertFound(MintingLaw.Minting hole, String complaint) {
    assertThatThrownBy(() ->
            SeededLoop.of("minting never widens, with a hole")
                .seeds(3_000)
                .run(walk -> MintingLaw.check(walk, hole)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(complaint);
  }

  /** The law holds for the product as it is: the holes above are what makes it fail. */
  @Test
  void theProductsMinterIsNotComplainedAbout() {
    SeededLoop.of("minting never widens")
        .seeds(100)
        .run(walk -> MintingLaw.check(walk, KeyMinter::mint));
  }
}
