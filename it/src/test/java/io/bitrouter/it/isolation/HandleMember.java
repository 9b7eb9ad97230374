package io.bitrouter.it.isolation;

import io.bitrouter.it.sdk.Vendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A member by which a request names an object that a provider keeps.
 *
 * @param client the protocol that has it
 * @param place how the gateway calls it
 * @param members members of a body with it, the object's name written as {@code @}
 */
record HandleMember(Vendor client, String place, String members) {

  private static final Map<Vendor, String> REST =
      Map.of(
          Vendor.CHAT,
          "'messages':[{'role':'user','content':'What is in it?'}]",
          Vendor.MESSAGES,
          "'max_tokens':64,'messages':[{'role':'user','content':'What is in it?'}]",
          Vendor.RESPONSES,
          "'input':'What is in it?'",
          Vendor.GEMINI,
          "'contents':[{'role':'user','parts':[{'text':'What is in it?'}]}]");

  /** Every one, of every protocol. */
  static List<HandleMember> all() {
    List<HandleMember> all = new ArrayList<>();
    all.addAll(chat());
    all.addAll(messages());
    all.addAll(responses());
    all.addAll(responsesTools());
    all.addAll(gemini());
    return all;
  }

  /** Those of one protocol. */
  static Stream<HandleMember> of(Vendor client) {
    return all().stream().filter(member -> member.client == client);
  }

  /** A body for {@code model}, with single quotes made double. */
  String body(String model, String id) {
    String named = client == Vendor.GEMINI ? "" : "'model':'" + model + "',";
    String rest = members.contains(main()) ? "" : "," + REST.get(client);
    return ("{" + named + members + rest + "}").replace('\'', '"').replace("@", id);
  }

  /** A body of the protocol that names nothing. */
  static String plain(Vendor client, String model, String more) {
    return new HandleMember(client, "", more).body(model, "");
  }

  private String main() {
    return switch (client) {
      case CHAT, MESSAGES -> "'messages':";
      case RESPONSES -> "'input':";
      case GEMINI -> "'contents':";
    };
  }

  private static List<HandleMember> chat() {
    return List.of(
        chat("messages.content.file.file_id", part("{'type':'file','file':{'file_id':'@'}}")),
        chat("messages.content.file_id", part("{'type':'file','file_id':'@'}")),
        chat("messages.content.image_url.url", part("{'image_url':{'url':'ms://@'}}")),
        chat(
            "messages.audio.id",
            "'messages':[{'role':'assistant','audio':{'id':'@'}},{'role':'user','content':'b'}]"),
        chat(
            "messages.content.file.file_id",
            "'messages':[{'role':'tool','tool_call_id':'c','content':"
                + "[{'type':'file','file':{'file_id':'@'}}]}]"),
        chat(
            "messages.content",
            "'messages':[{'role':'system','content':'fileid://@'},{'role':'user','content':'b'}]"),
        chat(
            "messages.role",
            "'messages':[{'role':'cache','content':'cache_id=@'},{'role':'user','content':'b'}]"),
        chat("audio.voice.id", "'audio':{'voice':{'id':'@'},'format':'wav'}"),
        chat("previous_response_id", "'previous_response_id':'@'"),
        chat("extra_body.cached_content", "'extra_body':{'google':{'cached_content':'@'}}"),
        chat(
            "tools.vector_store_ids",
            "'tools':[{'type':'file_search','vector_store_ids':['mine','@']}]"));
  }

  private static List<HandleMember> messages() {
    String file = "{'type':'document','source':{'type':'file','file_id':'@'}}";
    return List.of(
        messages("messages.content.source.file_id", said(file)),
        messages(
            "messages.content.source.file_id",
            said("{'type':'tool_result','tool_use_id':'t','content':[" + file + "]}")),
        messages(
            "messages.content.source.file_id",
            said("{'type':'document','source':{'type':'content','content':[" + file + "]}}")),
        messages("system.source.file_id", "'system':[" + file + "]"),
        messages("messages.content.file_id", said("{'type':'container_upload','file_id':'@'}")),
        messages(
            "messages.content.file_id",
            said(
                "{'type':'code_execution_tool_result','tool_use_id':'t','content':"
                    + "{'type':'code_execution_result','content':"
                    + "[{'type':'code_execution_output','file_id':'@'}]}}")),
        messages("container", "'container':'@'"),
        messages("container.id", "'container':{'id':'@','skills':[]}"),
        messages(
            "container.skills.skill_id",
            "'container':{'skills':[{'type':'anthropic','skill_id':'pdf'},"
                + "{'type':'custom','skill_id':'@'}]}"),
        messages("diagnostics.previous_message_id", "'diagnostics':{'previous_message_id':'@'}"),
        messages("thread.previous_message_id", "'thread':{'previous_message_id':'@'}"),
        messages("fallback_credit_token.token", "'fallback_credit_token':{'token':'@'}"),
        messages("tools.file_ids", "'tools':[{'type':'code_execution_20260101','file_ids':['@']}]"),
        messages(
            "messages.content.file_ids",
            said(
                "{'type':'compaction','content':'a','tool_changes':[{'tool':{'definition':"
                    + "{'type':'code_execution_20260101','file_ids':['@']}}}]}")));
  }

  private static List<HandleMember> responses() {
    return List.of(
        responses("previous_response_id", "'previous_response_id':'@'"),
        responses("conversation", "'conversation':'@'"),
        responses("conversation.id", "'conversation':{'id':'@'}"),
        responses("prompt.id", "'prompt':{'id':'@','version':'1'}"),
        responses(
            "prompt.variables.file_id",
            "'prompt':{'id':null,'variables':{'a':{'type':'input_file','file_id':'@'}}}"),
        responses(
            "prompt_cache_options.comparison_response_id",
            "'prompt_cache_options':{'comparison_response_id':'@'}"),
        responses("input.id", item("{'type':'item_reference','id':'@'}")),
        responses("input.id", item("{'id':'@'}")),
        responses("input.id", item("{'type':'reasoning','id':'@','summary':[]}")),
        responses("input.id", item("{'type':'image_generation_call','id':'@'}")),
        responses("input.file_id", item("{'type':'input_file','file_id':'@'}")),
        responses(
            "input.content.file_id",
            item("{'role':'user','content':[{'type':'input_file','file_id':'@'}]}")),
        responses(
            "input.content.file_id",
            item("{'role':'user','content':[{'type':'input_image','file_id':'@'}]}")),
        responses(
            "input.content.image_url",
            item("{'role':'user','content':[{'type':'input_image','image_url':'gs://b/@'}]}")),
        responses(
            "input.output.file_id",
            item(
                "{'type':'function_call_output','call_id':'c',"
                    + "'output':[{'type':'input_file','file_id':'@'}]}")),
        responses(
            "input.output.file_id",
            item(
                "{'type':'computer_call_output','call_id':'c',"
                    + "'output':{'type':'computer_screenshot','file_id':'@'}}")),
        responses(
            "input.container_id",
            item("{'type':'code_interpreter_call','id':'ci_1','container_id':'@'}")),
        responses(
            "input.container_id",
            item("{'type':'shell_call','environment':{'container_id':'@'}}")));
  }

  private static List<HandleMember> responsesTools() {
    return List.of(
        responses(
            "tools.vector_store_ids",
            item(
                "{'type':'tool_search_output',"
                    + "'tools':[{'type':'file_search','vector_store_ids':['@']}]}")),
        responses(
            "tools.vector_store_ids", tool("{'type':'file_search','vector_store_ids':['@']}")),
        responses("tools.container", tool("{'type':'code_interpreter','container':'@'}")),
        responses(
            "tools.file_ids",
            tool("{'type':'code_interpreter','container':{'type':'auto','file_ids':['@']}}")),
        responses(
            "tools.container_id", tool("{'type':'shell','environment':{'container_id':'@'}}")),
        responses(
            "tools.skill_id", tool("{'type':'shell','environment':{'skills':[{'skill_id':'@'}]}}")),
        responses(
            "tools.file_id",
            tool("{'type':'image_generation','input_image_mask':{'file_id':'@'}}")),
        responses("tools.tunnel_id", tool("{'type':'mcp','tunnel_id':'@'}")));
  }

  private static List<HandleMember> gemini() {
    return List.of(
        gemini("cachedContent", "'cachedContent':'@'"),
        gemini("contents.parts.fileData.fileUri", turn("{'fileData':{'fileUri':'files/@'}}")),
        gemini("contents.parts.fileData.fileUri", turn("{'fileData':{'fileUri':'gs://b/@'}}")),
        gemini(
            "contents.parts.fileData.fileUri",
            turn(
                "{'fileData':{'fileUri':"
                    + "'https://generativelanguage.googleapis.com/v1beta/files/@'}}")),
        gemini(
            "contents.parts.functionResponse.parts.fileData.fileUri",
            turn("{'functionResponse':{'name':'f','parts':[{'fileData':{'fileUri':'files/@'}}]}}")),
        gemini(
            "systemInstruction.parts.fileData.fileUri",
            "'systemInstruction':{'parts':[{'fileData':{'fileUri':'files/@'}}]}"),
        gemini(
            "tools.fileSearch.fileSearchStoreNames",
            tool("{'fileSearch':{'fileSearchStoreNames':['@']}}")),
        gemini(
            "tools.retrieval.ragCorpus",
            tool("{'retrieval':{'vertexRagStore':{'ragResources':[{'ragCorpus':'@'}]}}}")),
        gemini(
            "tools.retrieval.ragFileIds",
            tool("{'retrieval':{'vertexRagStore':{'ragResources':[{'ragFileIds':['@']}]}}}")),
        gemini(
            "tools.retrieval.ragCorpora",
            tool("{'retrieval':{'vertexRagStore':{'ragCorpora':['@']}}}")),
        gemini(
            "tools.retrieval.dataStore",
            tool("{'retrieval':{'vertexAiSearch':{'dataStoreSpecs':[{'dataStore':'@'}]}}}")),
        gemini(
            "tools.retrieval.datastore",
            tool("{'retrieval':{'vertexAiSearch':{'datastore':'@'}}}")));
  }

  private static String part(String json) {
    return "'messages':[{'role':'user','content':[{'type':'text','text':'a'}," + json + "]}]";
  }

  private static String said(String json) {
    return "'max_tokens':64," + part(json);
  }

  private static String item(String json) {
    return "'input':[{'role':'user','content':'a'}," + json + "]";
  }

  private static String turn(String json) {
    return "'contents':[{'role':'user','parts':[{'text':'a'}," + json + "]}]";
  }

  private static String tool(String json) {
    return "'tools':[" + json + "]";
  }

  private static HandleMember chat(String place, String members) {
    return new HandleMember(Vendor.CHAT, place, members);
  }

  private static HandleMember messages(String place, String members) {
    return new HandleMember(Vendor.MESSAGES, place, members);
  }

  private static HandleMember responses(String place, String members) {
    return new HandleMember(Vendor.RESPONSES, place, members);
  }

  private static HandleMember gemini(String place, String members) {
    return new HandleMember(Vendor.GEMINI, place, members);
  }
}
