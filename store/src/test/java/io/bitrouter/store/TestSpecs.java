package io.bitrouter.store;

import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.store.SpecCodec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Specs as text without a JSON library: what was written is found again by its text. */
public final class TestSpecs implements SpecCodec {

  /** One for all tests, so that what one store wrote another one reads. */
  public static final TestSpecs CODEC = new TestSpecs();

  private final Map<String, PolicySpec> written = new ConcurrentHashMap<>();

  private TestSpecs() {}

  @Override
  public String write(PolicySpec spec) {
    String text = "{\"is\":\"" + spec + "\"}";
    written.put(text, spec);
    return text;
  }

  @Override
  public PolicySpec read(PolicySpec.Kind kind, String json) {
    PolicySpec spec = written.get(json);
    if (spec == null || spec.kind() != kind) {
      throw new IllegalArgumentException("not a " + kind.text() + ": " + json);
    }
    return spec;
  }
}
