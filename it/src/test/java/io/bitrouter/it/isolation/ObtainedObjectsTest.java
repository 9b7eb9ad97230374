package io.bitrouter.it.isolation;

import static io.bitrouter.it.isolation.HandleMember.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.sdk.Vendor;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.UpstreamScript;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider makes in an answer to a namespace on a shared account, it may name again. */
class ObtainedObjectsTest {

  private static final AtomicInteger CASES = new AtomicInteger();

  private static final String EXECUTED =
      "{'type':'bash_code_execution_tool_result','tool_use_id':'srvtoolu_1','content':"
          + "{'type':'bash_code_execution_result','stdout':'{^file_id^:^said^}',"
          + "'content':[{'type':'bash_code_execution_output','file_id':'@'}]}}";
  private static final String INTERPRETED =
      "{'type':'code_interpreter_call','id':'ci_1','status':'completed','code':'1',"
          + "'container_id':'@'}";
  private static final String CITED =
      "{'type':'message','id':'msg_1','role':'assistant','status':'completed','content':["
          + "{'type':'output_text','text':'{^file_id^:^said^}','annotations':["
          + "{'type':'container_file_citation','container_id':'cntr-@','file_id':'@'}]}]}";
  private static final String SPOKEN =
      "'role':'assistant','content':null,'audio':{'id':'@','transcript':'said'}";

  @TempDir private static Path home;

  private static SharedAccount world;

  @BeforeAll
  static void start() throws Exception {
    world = SharedAccount.start(home);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /** An answer that tells of an object, and members of a request that name it. */
  static Stream<Arguments> objects() {
    return Stream.of(
        Arguments.of(Vendor.MESSAGES, message("'container':{'id':'@'}", ""), "'container':'@'"),
        Arguments.of(Vendor.MESSAGES, message("'x':0", EXECUTED), "'x':{'file_id':'@'}"),
        Arguments.of(Vendor.MESSAGES, messageEvents(EXECUTED, "'x':0"), "'x':{'file_id':'@'}"),
        Arguments.of(
            Vendor.MESSAGES,
            messageEvents("{'type':'text','text':'a'}", "'container':{'id':'@'}"),
            "'container':{'id':'@'}"),
        Arguments.of(Vendor.RESPONSES, response(INTERPRETED), interpreter("'@'")),
        Arguments.of(Vendor.RESPONSES, responseEvents(INTERPRETED), interpreter("'@'")),
        Arguments.of(Vendor.RESPONSES, response(CITED), interpreter("{'file_ids':['@']}")),
        Arguments.of(Vendor.RESPONSES, responseEvents(CITED), interpreter("'cntr-@'")),
        Arguments.of(Vendor.CHAT, spoken("message"), "'x':{'file_id':'@'}"),
        Arguments.of(Vendor.CHAT, spoken("delta") + "data: [DONE]\n\n", "'x':{'file_id':'@'}"));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void mayBeNamedAgainByTheSameNamespaceAlone(Vendor client, String answer, String members) {
    String object = "obj-of-a-" + CASES.incrementAndGet();
    String model = "model-" + client.protocol();
    String path = SharedAccount.path(client, model);
    String naming = plain(client, model, members.replace("@", object));
    String nobodys = plain(client, model, members.replace("@", "obj-of-x-1"));
    boolean streamed = answer.startsWith("event:") || answer.startsWith("data:");
    String made = answer.replace('\'', '"').replace("^", "\\\"").replace("@", object);
    world
        .upstream()
        .answerBy(request ->
            UpstreamScript.body(streamed ? "text/event-stream" : "application/json", made));
    assertThat(world.a().post(path, naming).status()).isEqualTo(404);
    world.a().post(path, plain(client, model, "'stream':" + streamed)).mustBe(200);

    world.upstream().answerBy(new KeepingUpstream());
    assertThat(world.sent(world.a(), path, naming).text()).contains(object);
    Reply ofB = world.b().post(path, naming);
    assertThat(ofB.status()).isEqualTo(404);
    assertThat(Likeness.of(ofB, object))
        .isEqualTo(Likeness.of(world.b().post(path, nobodys), "obj-of-x-1"));
    // What a model or a tool says is no object.
    String said = plain(client, model, members.replace("@", "said"));
    assertThat(world.a().post(path, said).status()).isEqualTo(404);
  }

  private static String interpreter(String container) {
    return "'tools':[{'type':'code_interpreter','container':" + container + "}]";
  }

  private static String message(String members, String block) {
    return "{'type':'message','id':'msg_1','role':'assistant','model':'m','content':["
        + (block.isEmpty() ? "{'type':'text','text':'a'}" : block)
        + "],'stop_reason':'end_turn','usage':{'input_tokens':7,'output_tokens':5},"
        + members
        + "}";
  }

  private static String messageEvents(String block, String delta) {
    return event(
            "message_start",
            "'message':{'type':'message','id':'msg_1','role':'assistant','model':'m',"
                + "'content':[],'usage':{'input_tokens':7,'output_tokens':1}}")
        + event("content_block_start", "'index':0,'content_block':" + block)
        + event("content_block_stop", "'index':0")
        + event(
            "message_delta",
            "'delta':{'stop_reason':'end_turn'," + delta + "},'usage':{'output_tokens':5}")
        + event("message_stop", "'x':0");
  }

  private static String response(String item) {
    return "{'id':'resp_1','object':'response','created_at':1,'status':'completed','model':'m',"
        + "'output':["
        + item
        + "],'usage':{'input_tokens':7,'output_tokens':5,'total_tokens':12}}";
  }

  private static String responseEvents(String item) {
    return event("response.created", "'response':{'id':'resp_1','status':'in_progress'}")
        + event("response.output_item.done", "'output_index':0,'item':" + item)
        + event("response.completed", "'response':" + response(item));
  }

  private static String spoken(String member) {
    String answer =
        "{'id':'c','created':1,'model':'m','choices':[{'index':0,'finish_reason':'stop','"
            + member
            + "':{"
            + SPOKEN
            + "}}],'usage':{'prompt_tokens':7,'completion_tokens':5,'total_tokens':12}}";
    return member.equals("delta") ? "data: " + answer + "\n\n" : answer;
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {'type':'" + type + "'," + members + "}\n\n";
  }
}
