package io.bitrouter.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.node.provider.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/configuration.md} and the loader know the same keys. */
class ConfigurationDocumentTest {

  private static final Path DOCUMENT =
      Path.of(System.getProperty("bitrouter.root", ".."), "docs", "configuration.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z0-9_.<>\\[\\]]+)` \\| `([^`]+)` \\|");
  private static final Pattern ALLOWED =
      Pattern.compile("FILE:\\d+: (?:(\\S+)\\.)?nonsense: unknown key.*allowed here: (.*)\\)");
  private static final Pattern COMMA = Pattern.compile(", ");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("EXAMPLE_KEY", "k", "OPENAI_API_KEY", "k", "ANTHROPIC_API_KEY", "k");

  @TempDir Path folder;
  private ConfigText text;

  @BeforeEach
  void open() throws IOException {
    text = new ConfigText(folder);
    Files.createDirectory(folder.resolve("tls"));
    Files.writeString(folder.resolve("tls/cert.pem"), "c");
    Files.writeString(folder.resolve("tls/key.pem"), "k");
  }

  @Test
  void everyDocumentedKeyIsAcceptedWithItsExample() throws IOException {
    Map<String, String> documented = documented();
    assertThat(documented).hasSizeGreaterThan(40);
    NodeConfig config = text.load(yaml(documented, false), ENVIRONMENT);
    assertThat(config.providers()).hasSize(1);
    assertThat(text.load("server: {tls: " + documented.get("server.tls") + "}").server().tls())
        .isEqualTo(new NodeConfig.Tls.TerminatedElsewhere());
  }

  @Test
  void everyAcceptedKeyIsDocumented() throws IOException {
    Set<String> accepted = new TreeSet<>();
    for (String problem : text.problems(yaml(documented(), true), ENVIRONMENT)) {
      Matcher matcher = ALLOWED.matcher(problem);
      assertThat(matcher.matches()).as(problem).isTrue();
      String section = matcher.group(1) == null ? "" : matcher.group(1) + ".";
      for (String key : COMMA.split(matcher.group(2), -1)) {
        accepted.add(
            (section + key).replace("providers.x.", "providers.<id>.").replace("[1]", "[]"));
      }
    }
    Set<String> documented =
        documented().keySet().stream()
            .map(key -> key.endsWith("[]") ? key.substring(0, key.length() - 2) : key)
            .collect(Collectors.toCollection(TreeSet::new));
    accepted.removeIf(key -> documented.stream().anyMatch(known -> known.startsWith(key + ".")));
    accepted.add("server.tls");
    accepted.add("providers.<id>.models");
    assertThat(accepted).isEqualTo(documented);
  }

  @Test
  void theExamplesWork() throws Exception {
    List<String> examples =
        Pattern.compile("(?s)```yaml\n(.*?)```")
            .matcher(Files.readString(DOCUMENT))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(examples).hasSize(3);
    for (String example : examples) {
      NodeConfig config = text.load(example, ENVIRONMENT);
      assertThat(Providers.from(config, ENVIRONMENT).catalog().providers())
          .as(example)
          .isNotEmpty();
    }
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    for (MatchResult row : ROW.matcher(Files.readString(DOCUMENT)).results().toList()) {
      assertThat(keys.put(row.group(1), row.group(2))).as(row.group(1)).isNull();
    }
    return keys;
  }

  /** One file with every documented key and its example, and an unknown key in every section. */
  private static String yaml(Map<String, String> documented, boolean nonsense) {
    Map<String, Object> root = new LinkedHashMap<>();
    documented.forEach((key, example) -> {
      if (!key.equals("server.tls")) {
        put(root, key.replace("<id>", "x"), example);
      }
    });
    return flow(root, nonsense);
  }

  /** A list's plain example comes first; the keys below the list are those of its second item. */
  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> map, String path, String example) {
    int dot = path.indexOf('.');
    String name = dot < 0 ? path : path.substring(0, dot);
    boolean list = name.endsWith("[]");
    String key = list ? name.substring(0, name.length() - 2) : name;
    if (!list && dot < 0) {
      map.put(key, example);
    } else if (!list) {
      put(
          (Map<String, Object>) map.computeIfAbsent(key, unused -> new LinkedHashMap<>()),
          path.substring(dot + 1),
          example);
    } else {
      List<Object> items = (List<Object>) map.computeIfAbsent(key, unused -> new ArrayList<>());
      if (dot < 0) {
        items.add(example);
      } else {
        if (items.size() < 2) {
          items.add(new LinkedHashMap<>());
        }
        put((Map<String, Object>) items.get(1), path.substring(dot + 1), example);
      }
    }
  }

  private static String flow(Object value, boolean nonsense) {
    return switch (value) {
      case Map<?, ?> map -> {
        String entries =
            map.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + flow(entry.getValue(), nonsense))
                .collect(Collectors.joining(",\n"));
        boolean ids = map.size() == 1 && map.containsKey("x");
        yield "{" + entries + (nonsense && !ids ? ",\nnonsense: 1" : "") + "}";
      }
      case List<?> list ->
          list.stream()
              .map(item -> flow(item, nonsense))
              .collect(Collectors.joining(", ", "[", "]"));
      default -> value.toString();
    };
  }
}
