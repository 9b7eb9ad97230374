package io.bitrouter.node.config;

import io.bitrouter.node.config.Setting.Content;
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
 * Turns YAML into settings. Duplicate keys, anchors, aliases, tags and anything but text as a key
 * are mistakes. The only class that needs the YAML library.
 */
final class YamlReader {

  /** What values without a tag of their own are given; {@code ${NAME}} has one of the library's. */
  private static final Set<Tag> PLAIN_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP, Tag.ENV_TAG);

  private final Reading reading;

  YamlReader(Reading reading) {
    this.reading = reading;
  }

  /** The root of a text; empty when the text holds nothing, or is not YAML, which is noted. */
  Optional<Setting> read(String text) {
    try {
      return new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
          .composeString(text)
          .map(node -> setting(node, "", line(node.getStartMark())));
    } catch (ComposerException e) {
      // Its text quotes the file, and what looks like an alias may be a password.
      reading.wrong(
          line(e.getProblemMark()), "", "anchors, aliases and a second document are not supported");
    } catch (MarkedYamlEngineException e) {
      int line = line(e.getProblemMark());
      reading.wrong(line, "", "is not YAML: " + e.getProblem() + hint(text, line));
    } catch (YamlEngineException e) {
      reading.wrong("is not YAML");
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

  private Setting setting(Node node, String path, int line) {
    Content content = new Content.Nothing(true);
    if (node.getAnchor().isPresent()) {
      reading.wrong(line, path, "anchors and aliases are not supported; write the value out");
    } else if (!PLAIN_TAGS.contains(node.getTag())) {
      reading.wrong(line, path, "tags are not supported");
    } else if (node instanceof ScalarNode scalar) {
      boolean empty =
          scalar.getScalarStyle() == ScalarStyle.PLAIN && node.getTag().equals(Tag.NULL);
      content = empty ? content : new Content.Text(scalar.getValue());
    } else if (node instanceof SequenceNode sequence) {
      content = items(sequence, path);
    } else if (node instanceof MappingNode mapping) {
      content = keys(mapping, path);
    }
    return new Setting(reading, path, line, content);
  }

  private Content items(SequenceNode node, String path) {
    List<Setting> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      items.add(setting(item, path + "[" + items.size() + "]", line(item.getStartMark())));
    }
    return new Content.Items(items);
  }

  private Content keys(MappingNode node, String path) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      int line = line(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        reading.wrong(line, path, "a key must be a plain word");
        continue;
      }
      String below = Setting.child(path, key.getValue());
      Setting earlier =
          settings.putIfAbsent(key.getValue(), setting(tuple.getValueNode(), below, line));
      if (earlier != null) {
        reading.wrong(line, below, "stands here twice, first on line " + earlier.line());
      }
    }
    return new Content.Keys(settings);
  }
}
