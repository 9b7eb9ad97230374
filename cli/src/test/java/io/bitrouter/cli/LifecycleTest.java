package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping and watching a node; the node is a script, its interface a fake one. */
@Timeout(60)
class LifecycleTest {
  @TempDir Path folder;
  private final FakeNode node = new FakeNode();
  private Person person;

  @BeforeEach
  void host() {
    person = new Person(folder).operatorToken().launcher(folder.resolve("bitrouter"));
    node.on("GET /health/ready", "{}");
    node.on(
        "GET /v1/node/namespaces",
        """
        {"data":[{"id":"ns_0","name":"first","created_at":"2026-03-01T00:00:00Z"},
         {"id":"ns_1","name":"default","created_at":"2026-04-01T00:00:00Z"}]}\
        """);
    node.on(
        "POST /v1/node/namespaces/ns_1/keys",
        """
        {"token":"brk_a.b","id":"key_1","key_prefix":"brk_a","display_name":"host cli",
         "scopes":["inference:invoke"]}\
        """);
    node.on(
        "GET /v1/credential",
        """
        {"kind":"api_key","id":"key_1","name":"host cli","namespace_id":"ns_1",
         "namespace_name":"default","scopes":["inference:invoke"]}\
        """);
    node.on(
        "GET /v1/models",
        """
        {"object":"list","has_more":false,"data":[%s,%s]}\
        """
            .formatted(model("sim/lorem", "sim"), model("sim/echo", "sim")));
    launcher(
        """
        case "$*" in
          *--wait*) while [ -e "$BITROUTER_HOME/node.json" ]; do sleep 0.01; done ;;
        esac
        trap 'rm -f "$BITROUTER_HOME/node.json"; exit 0' TERM
        echo "args: $* no_build: $BITROUTER_NO_BUILD" >"$BITROUTER_HOME/args"
        cat >"$BITROUTER_HOME/node.new" <<JSON
        {"pid":$$,"started_at":"$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)","endpoint":"%s",
         "admin_endpoint":"http://127.0.0.1:1","home":"$BITROUTER_HOME","version":"0.1.0"}
        JSON
        chmod 600 "$BITROUTER_HOME/node.new"
        mv "$BITROUTER_HOME/node.new" "$BITROUTER_HOME/node.json"
        while true; do sleep 0.05; done\
        """
            .formatted(node.url()));
  }

  @AfterEach
  void close() {
    person.run("stop");
    node.close();
  }

  private static String model(String id, String provider) {
    return """
    {"id":"%s","object":"model","created":0,"owned_by":"%s","type":"model","display_name":"x",
     "input_modalities":[],"output_modalities":[],"capabilities":[],"providers":["%s"]}\
    """
        .formatted(id, provider, provider);
  }

  /** The inner shell's command line is that of a node. */
  private void launcher(String script) {
    person.file(folder.resolve("node.sh"), script, "rwx------");
    person.file(
        folder.resolve("bitrouter"),
        "#!/bin/bash\nexec bash %s \"$@\" io.bitrouter.node\n".formatted(folder.resolve("node.sh")),
        "rwx------");
  }

  private long pid() throws IOException {
    String json = Files.readString(person.home().resolve("node.json"));
    return Long.parseLong(json.replaceFirst("(?s).*\"pid\":(\\d+).*", "$1"));
  }

  @Test
  void startShowsTheFirstScreenAndASecondOneTheSameKey() throws IOException {
    Person.Result first = person.run("start", "--listen", "127.0.0.1:0");

    assertThat(first.err()).isEmpty();
    String screen =
        """
        BitRouter 0.1.0 is running at %s (pid %d)
        stop:       ./bitrouter stop
        log:        %s/logs/node.log
        namespace:  default (ns_1)
        providers:  sim

        Try it:
          curl %s/v1/chat/completions -H 'authorization: Bearer brk_a.b' \
        -H 'content-type: application/json' \
        -d '{"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}'

        Next:
          ./bitrouter cloud whoami
          ./bitrouter cloud keys mint --name my-agent --scope "inference:invoke usage:read"
          ./bitrouter cloud usage
        """
            .formatted(node.url(), pid(), person.home(), node.url());
    assertThat(first.out()).isEqualTo(screen);
    assertThat(screen.lines().count()).isLessThanOrEqualTo(15);
    assertThat(Files.readString(person.home().resolve("args")))
        .isEqualTo("args: serve --listen 127.0.0.1:0 io.bitrouter.node no_build: 1\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(person.hostFile())))
        .isEqualTo("rw-------");

    Person.Result second = person.run("start");
    assertThat(second.exit()).isZero();
    assertThat(second.out()).isEqualTo(screen.replace("is running", "is already running"));
    assertThat(node.lines().stream().filter(line -> line.startsWith("POST")).count()).isOne();
  }

  @Test
  void startStatusStopInJson() throws IOException {
    String started = person.run("start", "--json").out();
    long pid = pid();

    String state =
        """
        "pid":%d,"endpoint":"%s","admin_endpoint":"http://127.0.0.1:1","home":"%s","version":"0.1.0\"\
        """
            .formatted(pid, node.url(), person.home());
    assertThat(started)
        .isEqualTo(
            "{\"running\":true," + state + ",\"namespace_id\":\"ns_1\",\"api_key\":\"brk_a.b\"}\n");
    assertThat(person.run("status", "--json").out())
        .isEqualTo(
            """
            {"running":true,%s,"credential":{"kind":"api_key","id":"key_1","name":"host cli",\
            "namespace_id":"ns_1","namespace_name":"default","scopes":["inference:invoke"],\
            "base_url":"%s","credentials_path":"%s"}}
            """
                .formatted(state, node.url(), person.hostFile()));
    assertThat(person.run("stop").out()).isEqualTo("stopped (pid " + pid + ")\n");
    // Ended at once; this process, its parent, may take a moment to notice.
    await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(person.run("stop").out()).isEqualTo("not running\n");
    assertThat(person.run("status").out()).startsWith("node:        not running\n");
    assertThat(person.run("status", "--json").out()).startsWith("{\"running\":false,\"pid\":null");
  }

  @Test
  void restartKeepsTheListenOption() throws IOException {
    person.run("start", "--listen", "127.0.0.1:0");
    long before = pid();

    Person.Result result = person.run("restart");

    assertThat(result.out()).startsWith("BitRouter 0.1.0 is running at");
    assertThat(pid()).isNotEqualTo(before);
    assertThat(Files.readString(person.home().resolve("args"))).contains("--listen 127.0.0.1:0");
  }

  @Test
  void aKeyThatNoLongerAnswersIsReplacedAtStart() throws IOException {
    node.on("GET /v1/credential", 401, "{\"error\":\"unauthorized\",\"error_description\":\"no\"}");
    person.file(
        person.hostFile(),
        "{\"kind\":\"api_key\",\"api_key\":\"brk_old.s\",\"base_url\":\"" + node.url() + "\"}",
        "rw-------");

    assertThat(person.run("start").exit()).isZero();

    assertThat(Files.readString(person.hostFile())).contains("brk_a.b").doesNotContain("brk_old");
  }

  @Test
  void aCredentialOfAnotherOriginIsNotTouched() throws IOException {
    String foreign =
        "{\"kind\":\"api_key\",\"api_key\":\"brk_f.s\",\"base_url\":\"https://node.example.org\"}";
    person.file(person.hostFile(), foreign, "rw-------");

    Person.Result result = person.run("start");

    assertThat(result.exit()).isEqualTo(7);
    assertThat(Files.readString(person.hostFile())).isEqualTo(foreign);
    assertThat(node.seen()).noneMatch(seen -> seen.authorization().contains("brk_f"));
  }

  @Test
  void aNodeThatDiesAtStartIsExplainedByItsLastWords() {
    launcher("echo first; echo 'port 4356 is taken' >&2; exit 3");

    Person.Result result = person.run("start");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("error: the node ended; the last it wrote: first | port 4356 is taken\n");
  }

  @Test
  void aNodeFileLeftBehindDoesNotCount() {
    person.nodeFile(node, 2_147_483_000L, "2026-05-01T00:00:00Z");
    assertThat(person.run("status").out()).startsWith("node:        not running\n");
    // This process is alive and has that number, but is no node.
    person.nodeFile(node, ProcessHandle.current().pid(), "2036-05-01T00:00:00Z");
    assertThat(person.run("stop").out()).isEqualTo("not running\n");
    try (NodeProcess younger = NodeProcess.start()) {
      person.nodeFile(node, younger.pid(), "2026-05-01T00:00:00Z");
      assertThat(person.run("stop").out()).isEqualTo("not running\n");
      assertThat(younger.isAlive()).isTrue();
    }
    person.file(person.home().resolve("node.json"), "{\"pid\":", "rw-------");
    assertThat(person.run("start").exit()).isZero();
  }

  @Test
  void theScriptForTheFirstStartRunsInTheBackground() {
    Path script = folder.resolve("make-aot");
    person.file(script, "#!/bin/bash\necho done >" + folder.resolve("made"), "rwx------");

    assertThat(person.afterStart(script).run("start").exit()).isZero();

    await().until(() -> Files.exists(folder.resolve("made")));
  }

  @Test
  void initWritesEveryKeyCommentedAndNeverOverwrites() throws IOException {
    Path file = person.home().resolve("bitrouter.yaml");

    assertThat(person.run("init").out()).isEqualTo("wrote " + file + "\n");
    assertThat(Files.readAllLines(file)).allMatch(line -> line.isEmpty() || line.startsWith("#"));

    Files.writeString(file, "mine");
    assertThat(person.run("init").exit()).isEqualTo(7);
    assertThat(Files.readString(file)).isEqualTo("mine");
    assertThat(person.run("init", "--force").exit()).isZero();
    assertThat(Files.readString(file)).contains("server:");
  }

  @Test
  void logsShowsTheEnd() {
    assertThat(person.run("logs").exit()).isEqualTo(6);
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 30_000; i++) {
      lines.append("line ").append(i).append('\n');
    }
    person.file(person.home().resolve("logs/node.log"), lines.toString(), "rw-------");

    assertThat(person.run("logs", "-n", "2").out()).isEqualTo("line 29999\nline 30000\n");
    assertThat(person.run("logs").out().lines().count()).isEqualTo(50);
    assertThat(person.run("logs", "-n", "20000").out().lines().count()).isEqualTo(20_000);
    assertThat(person.run("logs", "-n", "0").out()).isEmpty();
  }

  @Test
  void logsFollowsThroughARotation() throws IOException, InterruptedException {
    Path log = person.home().resolve("logs/node.log");
    person.file(log, "old\n", "rw-------");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    World world = person.world(out, new ByteArrayOutputStream());
    Thread reader = Thread.startVirtualThread(() -> Main.run(world, "logs", "-f"));

    awaitText(out, "old\n");
    Files.writeString(log, "one\n", StandardOpenOption.APPEND);
    awaitText(out, "old\none\n");
    Files.writeString(log, "two\n", StandardOpenOption.APPEND);
    Files.move(log, log.resolveSibling("node.log.1"));
    Files.writeString(log, "three\n");
    awaitText(out, "old\none\ntwo\nthree\n");

    reader.interrupt();
    reader.join();
  }

  private static void awaitText(ByteArrayOutputStream out, String text) {
    await().until(() -> out.toString(StandardCharsets.UTF_8).equals(text));
  }
}
