package io.bitrouter.node.config;

import java.util.List;
import java.util.Map;

/** A configuration file as read: values with the lines they stand on, nothing interpreted yet. */
sealed interface ConfigTree {

  /** Line of the value, from 1. */
  int line();

  /** A key without a value. */
  record Nothing(int line) implements ConfigTree {}

  /** A single value as written, before variables are replaced. */
  record Scalar(String text, boolean quoted, int line) implements ConfigTree {}

  /** A list. */
  record Sequence(List<ConfigTree> items, int line) implements ConfigTree {}

  /** Keys with values, in the order of the file. */
  record Mapping(Map<String, Entry> entries, int line) implements ConfigTree {}

  /** One key of a mapping, the line it stands on and its value. */
  record Entry(int line, ConfigTree value) {}
}
