package io.bitrouter.core.catalog;

/** Name of a provider in configuration and rows: {@code openai}, {@code sim}. */
public record ProviderId(String text) {
  @Override
  public String toString() {
    return text;
  }
}
