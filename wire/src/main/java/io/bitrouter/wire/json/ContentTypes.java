package io.bitrouter.wire.json;

import java.util.List;
import java.util.Map;

/** What the types of content and of tools mean for those who judge. */
final class ContentTypes {

  static final String TEXT = "text";
  static final String IMAGE = "image";
  static final String AUDIO = "audio";
  static final String FILE = "file";

  private static final String UNTYPED = "(untyped)";
  private static final String TOOL_ERROR = "_tool_result_error";

  /** Beginnings of the types of tools that providers define and clients run. */
  private static final List<String> RUN_BY_CLIENTS =
      List.of(
          "bash", "text_editor", "computer", "memory", "local_shell", "apply_patch", "namespace");

  /** What the types of content are; calls and results of tools are text but for what is in them. */
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("text", TEXT),
          Map.entry("input_text", TEXT),
          Map.entry("output_text", TEXT),
          Map.entry("reasoning_text", TEXT),
          Map.entry("summary_text", TEXT),
          Map.entry("refusal", TEXT),
          Map.entry("thinking", TEXT),
          Map.entry("redacted_thinking", TEXT),
          Map.entry("reasoning", TEXT),
          Map.entry("compaction", TEXT),
          Map.entry("tool_use", TEXT),
          Map.entry("tool_result", TEXT),
          Map.entry("tool_reference", TEXT),
          Map.entry("server_tool_use", TEXT),
          Map.entry("mcp_tool_use", TEXT),
          Map.entry("mcp_tool_result", TEXT),
          Map.entry("search_result", TEXT),
          Map.entry("web_search_tool_result", TEXT),
          Map.entry("web_search_result", TEXT),
          Map.entry("web_fetch_tool_result", TEXT),
          Map.entry("web_fetch_result", TEXT),
          Map.entry("tool_search_tool_result", TEXT),
          Map.entry("tool_search_tool_search_result", TEXT),
          Map.entry("code_execution_tool_result", TEXT),
          Map.entry("code_execution_result", TEXT),
          Map.entry("bash_code_execution_tool_result", TEXT),
          Map.entry("bash_code_execution_result", TEXT),
          Map.entry("text_editor_code_execution_tool_result", TEXT),
          Map.entry("text_editor_code_execution_view_result", TEXT),
          Map.entry("text_editor_code_execution_create_result", TEXT),
          Map.entry("text_editor_code_execution_str_replace_result", TEXT),
          Map.entry("image", IMAGE),
          Map.entry("image_url", IMAGE),
          Map.entry("input_image", IMAGE),
          Map.entry("computer_screenshot", IMAGE),
          Map.entry("audio", AUDIO),
          Map.entry("audio_url", AUDIO),
          Map.entry("input_audio", AUDIO),
          Map.entry("file", FILE),
          Map.entry("input_file", FILE),
          Map.entry("document", FILE),
          Map.entry("document_url", FILE),
          Map.entry("container_upload", FILE),
          Map.entry("code_execution_output", FILE),
          Map.entry("bash_code_execution_output", FILE));

  private ContentTypes() {}

  /** The kind of content of {@code type}: a type that is not known is a kind of its own. */
  static String kind(String type) {
    String known = type.endsWith(TOOL_ERROR) ? TEXT : KINDS.get(type);
    return known != null ? known : type.isEmpty() ? UNTYPED : type;
  }

  /** Whether a tool of {@code type}, which a provider defines, is run by the client. */
  static boolean runByClients(String type) {
    return RUN_BY_CLIENTS.stream().anyMatch(type::startsWith);
  }
}
