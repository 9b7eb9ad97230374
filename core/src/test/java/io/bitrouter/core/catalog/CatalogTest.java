package io.bitrouter.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogTest {

  private static final NamespaceId A = new NamespaceId("ns_a");
  private static final NamespaceId B = new NamespaceId("ns_b");

  private final Catalog catalog =
      new Catalog(
          List.of(
              provider("one", Protocol.CHAT, Set.of(), "shared", "vendor/deep"),
              provider("two", Protocol.CHAT, Set.of(), "shared"),
              provider("claude", Protocol.MESSAGES, Set.of(), "opus"),
              provider("mine", Protocol.CHAT, Set.of(A), "private-model")));

  @Test
  void aModelIsFoundByEachOfItsNames() {
    for (String name : List.of("two/shared", "two:shared")) {
      assertThat(target(name, Protocol.CHAT, A).provider().id().text()).isEqualTo("two");
    }
    assertThat(target("shared", Protocol.CHAT, A).provider().id().text()).isEqualTo("one");
    assertThat(target("one/vendor/deep", Protocol.CHAT, A).model().upstreamModel())
        .isEqualTo("vendor/deep");
  }

  @Test
  void anUnknownModelSaysWhatWouldMakeItKnown() {
    Refusal refusal = refusal("claude/opsu", Protocol.MESSAGES, A);
    assertThat(refusal.code()).isEqualTo(RefusalCode.MODEL_NOT_FOUND);
    assertThat(refusal.hint().orElseThrow())
        .contains("did you mean 'claude/opus'?", "OPENAI_API_KEY", "bitrouter.yaml");
  }

  @Test
  void anAccountOfAnotherNamespaceDoesNotExist() {
    assertThat(target("private-model", Protocol.CHAT, A).provider().id().text()).isEqualTo("mine");
    Refusal hidden = refusal("private-model", Protocol.CHAT, B);
    assertThat(hidden.code()).isEqualTo(RefusalCode.MODEL_NOT_FOUND);
    assertThat(hidden.hint().orElseThrow()).doesNotContain("mine/");
    assertThat(refusal("private-modle", Protocol.CHAT, B).hint().orElseThrow())
        .doesNotContain("did you mean");
    assertThat(catalog.models(B)).noneMatch(model -> model.id().toString().startsWith("mine"));
    assertThat(catalog.model("mine/private-model", B)).isEmpty();
  }

  @Test
  void aProviderOfAnotherProtocolIsSpokenToInItsOwn() {
    assertThat(target("opus", Protocol.CHAT, A).protocol()).isEqualTo(Protocol.MESSAGES);
    assertThat(target("shared", Protocol.CHAT, A).protocol()).isEqualTo(Protocol.CHAT);
  }

  private Target target(String name, Protocol protocol, NamespaceId namespace) {
    return switch (catalog.candidates(name, protocol, namespace)) {
      case Outcome.Done<List<Target>>(List<Target> targets) -> targets.getFirst();
      case Outcome.Refused<List<Target>>(Refusal refusal) -> throw new AssertionError(refusal);
    };
  }

  private Refusal refusal(String name, Protocol protocol, NamespaceId namespace) {
    return switch (catalog.candidates(name, protocol, namespace)) {
      case Outcome.Refused<List<Target>>(Refusal refusal) -> refusal;
      case Outcome.Done<List<Target>>(List<Target> targets) -> throw new AssertionError(targets);
    };
  }

  private static Provider provider(
      String id, Protocol protocol, Set<NamespaceId> namespaces, String... models) {
    ProviderId provider = new ProviderId(id);
    return new Provider(
        provider,
        URI.create("http://127.0.0.1:1"),
        Optional.empty(),
        new Provider.Auth.None(),
        List.of(protocol),
        List.of(models).stream()
            .map(name ->
                new Model(
                    new ModelId(provider, name),
                    name,
                    Optional.empty(),
                    "",
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    false,
                    Abilities.UNKNOWN))
            .toList(),
        namespaces.isEmpty() ? new Reach.Everything() : new Reach.Only(namespaces),
        List.of());
  }
}
