package io.bitrouter.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns YAML into a {@link ConfigTree}. Duplicate keys, anchors, aliases, tags and anything but
 * text as a key are mistakes. The only class that needs the YAML library.
 */
final class YamlReader {

  /** What values without a tag of their own are given; {@code ${NAME}} has one of the library's. */
  private static final Set<Tag> PLAIN_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP, Tag.ENV_TAG);

  private final Problems problems;

  YamlReader(Problems problems) {
    this.problems = problems;
  }

  /** The tree of a text; empty when the text holds nothing, or is not YAML, which is noted. */
  Optional<ConfigTree> read(String text) {
    try {
      return new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
          .composeString(text)
          .map(node -> convert(node, ""));
    } catch (ComposerException e) {
      // Its text quotes the file, and what looks like an alias may be a password.
      problems.at(
          line(e.getProblemMark()), "", "anchors, aliases and a second document are not supported");
    } catch (MarkedYamlEngineException e) {
      int line = line(e.getProblemMark());
      problems.at(line, "", "is not YAML: " + e.getProblem() + hint(text, line));
    } catch (YamlEngineException e) {
      problems.general("is not YAML");
    }
    return Optional.empty();
  }

  /** The usual mistake: between braces, {@code ${NAME}} is a mapping unless it is quoted. */
  private static String hint(String text, int line) {
    boolean variable = text.lines().skip(line - 1L).findFirst().orElse("").contains("${");
    return variable ? "; between { } or [ ] a value with ${...} needs quotes" : "";
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(0) + 1;
  }

  private ConfigTree convert(Node node, String path) {
    int line = line(node.getStartMark());
    if (node.getAnchor().isPresent()) {
      problems.at(line, path, "anchors and aliases are not supported; write the value out");
      return new ConfigTree.Nothing(line);
    }
    if (!PLAIN_TAGS.contains(node.getTag())) {
      problems.at(line, path, "tags are not supported");
      return new ConfigTree.Nothing(line);
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar, line);
      case SequenceNode sequence -> sequence(sequence, line, path);
      case MappingNode mapping -> mapping(mapping, line, path);
      default -> throw new IllegalStateException("a node of an unknown kind");
    };
  }

  private static ConfigTree scalar(ScalarNode node, int line) {
    boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
    return plain && node.getTag().equals(Tag.NULL)
        ? new ConfigTree.Nothing(line)
        : new ConfigTree.Scalar(node.getValue(), !plain, line);
  }

  private ConfigTree sequence(SequenceNode node, int line, String path) {
    List<ConfigTree> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      items.add(convert(item, path + "[" + items.size() + "]"));
    }
    return new ConfigTree.Sequence(List.copyOf(items), line);
  }

  private ConfigTree mapping(MappingNode node, int line, String path) {
    Map<String, ConfigTree.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      int keyLine = line(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.at(keyLine, path, "a key must be a plain word");
        continue;
      }
      String keyPath = Section.child(path, key.getValue());
      ConfigTree value = convert(tuple.getValueNode(), keyPath);
      ConfigTree.Entry earlier =
          entries.putIfAbsent(key.getValue(), new ConfigTree.Entry(keyLine, value));
      if (earlier != null) {
        problems.at(keyLine, keyPath, "stands here twice, first on line " + earlier.line());
      }
    }
    return new ConfigTree.Mapping(entries, line);
  }
}
