package io.bitrouter.core.control;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

/** A change of a namespace's policies or bindings as it is asked for. */
public sealed interface PolicyCommand {

  /** Makes a policy, and binds it at once to {@code bind}. */
  record Create(String name, PolicySpec spec, Optional<Principal> bind) implements PolicyCommand {}

  /**
   * Changes a policy.
   *
   * @param edit the new spec from the present one; of the same kind
   */
  record Update(PolicyId id, Optional<String> name, Function<PolicySpec, Outcome<PolicySpec>> edit)
      implements PolicyCommand {}

  /** Deletes a policy with its bindings. */
  record Delete(PolicyId id) implements PolicyCommand {}

  /** Lets a policy act or not. */
  record Enable(PolicyId id, boolean enabled) implements PolicyCommand {}

  /** Binds a policy. */
  record Bind(PolicyId id, Principal principal) implements PolicyCommand {}

  /** Takes a binding back. */
  record Unbind(PolicyId id, BindingId binding) implements PolicyCommand {}

  /**
   * On what terms a command is given.
   *
   * @param operator whether an operator gives it: then it is about locked policies alone, and what
   *     it makes is locked
   * @param kind the kind that the policy must have; another one is as if it were not there
   * @param revision whether the policy may be at this revision
   */
  record Terms(boolean operator, Optional<PolicySpec.Kind> kind, LongPredicate revision) {

    /** A key's, for any policy at any revision. */
    public static final Terms ANY = new Terms(false, Optional.empty(), unused -> true);
  }
}
