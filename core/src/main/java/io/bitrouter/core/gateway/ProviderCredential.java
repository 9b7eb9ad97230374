package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.kernel.Secret;
import java.util.Optional;

/** Puts a provider's key into a request; the only place of the data path that reveals one. */
final class ProviderCredential {

  private ProviderCredential() {}

  static Optional<HeaderField> header(Provider.Auth auth, Secret key) {
    return switch (auth) {
      case Provider.Auth.Bearer() ->
          Optional.of(new HeaderField("authorization", "Bearer " + key.reveal()));
      case Provider.Auth.Header(String name) -> Optional.of(new HeaderField(name, key.reveal()));
      case Provider.Auth.None() -> Optional.empty();
    };
  }
}
