package io.bitrouter.it.npm;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.sdk.Answer;
import io.bitrouter.it.sdk.Scripts;
import io.bitrouter.it.sdk.Tokens;
import io.bitrouter.it.sdk.Vendor;
import io.bitrouter.testkit.NodeSetup;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.UpstreamScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Coding agents, unmodified, by {@code bitrouter launch} and with upstreams of every protocol. */
@Tag("deep")
final class AgentsTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String QUESTION = "Write the note, please.";
  private static final String NOTE = "Zürich, 21° \ud83d\ude00\n";
  private static final String DONE = "All is said and done, the note is there.";
  private static final String REFUSAL = "the moon is not a city";
  private static final String SEEN = "The note says Zurich.";

  @RegisterExtension static final NodeWorld WORLD = Vendor.world();

  private Cage cage;

  @BeforeEach
  void openCage() throws Exception {
    cage = Cage.around(NpmFolder.of("agents"), WORLD.node().endpoint());
  }

  @AfterEach
  void closeCage() throws Exception {
    cage.close();
  }

  static Stream<Arguments> pairs() {
    return Stream.of(CodingAgent.values())
        .flatMap(agent -> Stream.of(Vendor.values()).map(vendor -> Arguments.of(agent, vendor)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aQuestionIsAnswered(CodingAgent agent, Vendor upstream) throws Exception {
    WORLD.upstream().answerBy(Scripts.answering(Answer.saying(SEEN)));
    Cage.Ended ended = launch(agent, upstream, WORLD.key().token());
    assertThat(ended.out()).as("said in %s", ended).contains(SEEN);
    assertThat(ended.status()).isZero();
    assertThat(asked()).isNotEmpty();
    allMustBeBooked(upstream);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aFileIsWritten(CodingAgent agent, Vendor upstream) throws Exception {
    Path note = cage.project().resolve("note.txt");
    Answer.Call call = agent.writing(note, NOTE);
    Function<RecordedRequest, UpstreamScript> calls =
        Scripts.answering(Answer.calling(List.of(call)));
    Function<RecordedRequest, UpstreamScript> done = Scripts.answering(Answer.saying(DONE));
    WORLD.upstream().answerBy(request -> (agent.mayWrite(request) ? calls : done).apply(request));
    Cage.Ended ended = launch(agent, upstream, WORLD.key().token());
    assertThat(ended.out()).as("said in %s", ended).contains(DONE);
    assertThat(ended.status()).isZero();
    assertThat(Files.readString(note)).isEqualTo(NOTE);
    String name = Pattern.quote("\"" + upstream.callName(call) + "\"");
    assertThat(asked().getLast().text().split(name, -1))
        .as("the call and its result in %s", asked().getLast())
        .hasSizeGreaterThanOrEqualTo(3);
    allMustBeBooked(upstream);
  }

  @ParameterizedTest
  @EnumSource(CodingAgent.class)
  void aRefusalIsShown(CodingAgent agent) throws Exception {
    WORLD.upstream().answerBy(Scripts.refusing(400, REFUSAL));
    assertThat(launch(agent, Vendor.CHAT, WORLD.key().token()).toString()).contains(REFUSAL);
    List<RecordedRequest> asked = WORLD.upstream().requests();
    assertThat(asked).isNotEmpty();
    for (BookedRow row : WORLD.ledger().rows(asked.size())) {
      row.ended("failed", 400, "upstream_rejected").free();
    }
  }

  @ParameterizedTest
  @EnumSource(CodingAgent.class)
  void aKeyThatIsNoneIsToldOf(CodingAgent agent) throws Exception {
    Cage.Ended ended = launch(agent, Vendor.CHAT, "brk_nothing");
    assertThat(ended.status()).isPositive();
    assertThat(ended.toString()).containsPattern("Not logged in|401|no valid BitRouter key");
    assertThat(WORLD.upstream().requests()).isEmpty();
  }

  private Cage.Ended launch(CodingAgent agent, Vendor upstream, String token) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(NodeSetup.launcher().toString());
    command.addAll(List.of("launch", "--model", upstream.model(), agent.name(), "--"));
    command.addAll(agent.arguments(QUESTION));
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            "BITROUTER_NO_BUILD",
            "1",
            "BITROUTER_URL",
            WORLD.node().endpoint().toString(),
            "BITROUTER_API_KEY",
            token);
    return cage.run(command, environment, LIMIT);
  }

  /** What the upstream was asked in which the question was. */
  private static List<RecordedRequest> asked() {
    return WORLD.upstream().requests().stream()
        .filter(request -> request.text().contains(QUESTION))
        .toList();
  }

  /** All that went upstream is in the books, of the key, as what it was; nothing was refused. */
  private static void allMustBeBooked(Vendor upstream) {
    List<BookedRow> rows = WORLD.ledger().rows(WORLD.upstream().requests().size());
    for (BookedRow row : rows) {
      row.ended("succeeded", 200).charged("computed", Tokens.PLAIN.nanoUsd());
      assertThat(row.text("key_id")).isEqualTo(WORLD.key().id());
      assertThat(row.text("provider_id")).isEqualTo(upstream.provider());
    }
  }
}
