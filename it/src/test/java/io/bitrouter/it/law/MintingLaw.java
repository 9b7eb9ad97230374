package io.bitrouter.it.law;

import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyMinter;
import io.bitrouter.core.credential.KeyMinter.Minted;
import io.bitrouter.core.credential.KeyMinter.Parent;
import io.bitrouter.core.credential.KeyMinter.Wanted;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.Peppers;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Secret;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.testkit.FakeTicker;
import io.bitrouter.testkit.Walk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Builds random lines of keys, each minted by the one before, and checks that no key can do
 * anything its parent cannot, at any time, in any namespace but its own.
 */
final class MintingLaw {

  private static final int LONGEST_LINE = 6;
  private static final NamespaceId NAMESPACE = new NamespaceId("ns_0000000000000000000000000a");

  /** Mints a key; the product's, or one with a hole. */
  @FunctionalInterface
  interface Minting {
    Outcome<Minted> mint(KeyMinter minter, Parent parent, Wanted wanted);
  }

  /** All single scopes, also those that no key may hold. */
  private static final List<String> SINGLE =
      Stream.concat(Scope.OF_A_KEY.stream(), Scope.NEVER_BAKED.stream()).toList();

  private static final List<String> WANTED =
      Stream.concat(
              SINGLE.stream(),
              SINGLE.stream().map(scope -> scope.substring(0, scope.indexOf(':')) + ":*"))
          .distinct()
          .toList();

  private MintingLaw() {}

  static void check(Walk walk, Minting minting) {
    FakeTicker ticker = FakeTicker.atNewYear();
    Random random = new Random(walk.seed());
    Peppers peppers = new Peppers(Map.of("p", Secret.of("pepper")), "p");
    KeyMinter minter = new KeyMinter(peppers, ticker, random);
    KeyIndex index = new KeyIndex();
    Authenticator authenticator = new Authenticator(index, peppers, ticker);

    Parent parent =
        new Parent(
            OperatorGrant.ofTheNodeItself().enter(NAMESPACE),
            Optional.empty(),
            OptionalLong.empty());
    for (int i = 0; i < LONGEST_LINE && alive(parent, ticker); i++) {
      Wanted wanted = wanted(walk, ticker);
      walk.step("mint " + wanted);
      switch (minting.mint(minter, parent, wanted)) {
        case Outcome.Refused<Minted> refused -> {}
        case Outcome.Done<Minted>(Minted minted) -> {
          index.put(minted.key());
          Caller.Key child = authenticated(authenticator, minted);
          notWider(parent, child, wanted);
          parent = Parent.of(child);
        }
      }
      ticker.advance(Duration.ofMinutes(walk.below(30)));
    }
  }

  /** A key that has ended cannot ask for anything. */
  private static boolean alive(Parent parent, FakeTicker ticker) {
    return parent.endsAtMicros().orElse(Long.MAX_VALUE) > ticker.epochMicros();
  }

  private static Wanted wanted(Walk walk, FakeTicker ticker) {
    List<String> scopes = new ArrayList<>();
    int count = walk.below(5);
    for (int i = 0; i < count; i++) {
      scopes.add(walk.oneIn(20) ? "no:such" : walk.oneOf(WANTED));
    }
    if (walk.oneIn(2)) {
      scopes.addAll(Scope.OF_A_KEY);
    }
    OptionalLong end =
        walk.oneIn(2)
            ? OptionalLong.of(
                ticker.epochMicros() + Duration.ofMinutes(walk.below(300)).toNanos() / 1_000)
            : OptionalLong.empty();
    return new Wanted("key", scopes, end);
  }

  private static Caller.Key authenticated(Authenticator authenticator, Minted minted) {
    return switch (authenticator.authenticate(List.of(minted.token().whole().reveal()))) {
      case Outcome.Done<Caller>(Caller.Key key) -> key;
      case Outcome<Caller> other ->
          throw new AssertionError("a new key does not authenticate: " + other);
    };
  }

  private static void notWider(Parent parent, Caller.Key child, Wanted wanted) {
    if (!child.grant().namespace().equals(parent.grant().namespace())) {
      throw new AssertionError("the child is in another namespace");
    }
    for (String scope : SINGLE) {
      if (child.grant().scopes().allows(scope) && !parent.grant().scopes().allows(scope)) {
        throw new AssertionError("the child may " + scope + ", its parent may not");
      }
    }
    for (String scope : wanted.scopes()) {
      if (!child.grant().scopes().tokens().contains(scope)) {
        throw new AssertionError("the child was narrowed silently by " + scope);
      }
    }
    if (parent.endsAtMicros().isPresent()) {
      OptionalLong end = child.key().expiresAtMicros();
      if (end.isEmpty() || end.getAsLong() > parent.endsAtMicros().getAsLong()) {
        throw new AssertionError("the child outlives its parent");
      }
    }
  }
}
