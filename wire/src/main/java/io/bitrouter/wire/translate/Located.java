package io.bitrouter.wire.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * A value of a request and where it stands. Null is as good as absent. Methods that read a value as
 * something which it is not throw {@link Untranslatable}.
 *
 * @param path empty for the body itself
 */
public record Located(JsonNode value, String path) {

  /** A member, which may be absent. */
  public Located member(String name) {
    return new Located(value.path(name), path.isEmpty() ? name : path + "." + name);
  }

  /** Whether there is a value. */
  public boolean given() {
    return !value.isMissingNode() && !value.isNull();
  }

  /** Whether it is the string {@code text}. */
  public boolean is(String text) {
    return value.isString() && value.stringValue().equals(text);
  }

  /** The value as a string. */
  public String text() {
    if (!value.isString()) {
      throw fault(given() ? "must be a string" : "is missing; it must be a string");
    }
    return value.stringValue();
  }

  /** A member that is a string, if it is given. */
  public Optional<String> text(String name) {
    Located member = member(name);
    return member.given() ? Optional.of(member.text()) : Optional.empty();
  }

  /** A member that is a string and not empty. */
  public String word(String name) {
    String word = member(name).text();
    if (word.isEmpty()) {
      throw member(name).fault("must not be empty");
    }
    return word;
  }

  /** A member that is a number, if it is given; never infinite. */
  public Optional<Double> number(String name) {
    Located member = member(name);
    if (!member.given()) {
      return Optional.empty();
    }
    double number = member.value.isNumber() ? member.value.doubleValue(Double.NaN) : Double.NaN;
    if (!Double.isFinite(number)) {
      throw member.fault("must be a number");
    }
    return Optional.of(number);
  }

  /** A member that is an integer of at least 0, if it is given. */
  public OptionalLong integer(String name) {
    Located member = member(name);
    if (!member.given()) {
      return OptionalLong.empty();
    }
    if (!member.value.isIntegralNumber()
        || !member.value.canConvertToLong()
        || member.value.longValue() < 0) {
      throw member.fault("must be an integer of at least 0");
    }
    return OptionalLong.of(member.value.longValue());
  }

  /** A member that is true or false, if it is given. */
  public Optional<Boolean> flag(String name) {
    Located member = member(name);
    if (!member.given()) {
      return Optional.empty();
    }
    if (!member.value.isBoolean()) {
      throw member.fault("must be true or false");
    }
    return Optional.of(member.value.booleanValue());
  }

  /** The value, if it is an object. */
  public Located object() {
    if (!value.isObject()) {
      throw fault(given() ? "must be an object" : "is missing; it must be an object");
    }
    return this;
  }

  /** The elements of a list; none when it is not given. */
  public List<Located> elements() {
    if (given() && !value.isArray()) {
      throw fault("must be a list");
    }
    List<Located> elements = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      elements.add(new Located(value.path(i), path + "[" + i + "]"));
    }
    return elements;
  }

  /** Blames this value. */
  public Untranslatable fault(String reason) {
    return new Untranslatable(path, reason);
  }
}
