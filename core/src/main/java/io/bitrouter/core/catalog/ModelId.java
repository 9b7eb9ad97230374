package io.bitrouter.core.catalog;

/** Canonical model id, {@code provider/model}; the model part may contain slashes. */
public record ModelId(ProviderId provider, String model) {
  @Override
  public String toString() {
    return provider + "/" + model;
  }
}
