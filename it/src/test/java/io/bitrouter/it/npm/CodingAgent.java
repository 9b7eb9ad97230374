package io.bitrouter.it.npm;

import io.bitrouter.it.sdk.Answer;
import io.bitrouter.testkit.RecordedRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The agents that can be launched, by the names that the command has for them. */
enum CodingAgent {
  claude("Write", "-p --allowedTools Write --"),
  codex("exec_command", "exec --skip-git-repo-check --sandbox danger-full-access"),
  opencode("write", "run");

  private static final String CALL = "call_note_1";

  /** Its tool that writes files. */
  private final String tool;

  /** What makes it answer one question, and end. */
  private final String options;

  CodingAgent(String tool, String options) {
    this.tool = tool;
    this.options = options;
  }

  /** With what it answers this question, and ends. */
  List<String> arguments(String question) {
    return Stream.concat(Stream.of(options.split(" ")), Stream.of(question)).toList();
  }

  /** The call that writes a file. */
  Answer.Call writing(Path file, String text) {
    Map<String, Object> arguments =
        switch (this) {
          case claude -> Map.of("file_path", file.toString(), "content", text);
          case codex -> Map.of("cmd", "cat > %s <<'END'\n%sEND\n".formatted(file, text));
          case opencode -> Map.of("filePath", file.toString(), "content", text);
        };
    return new Answer.Call(CALL, tool, JsonMapper.shared().writeValueAsString(arguments));
  }

  /** Whether a request offers that tool and has no result of it yet. */
  boolean mayWrite(RecordedRequest request) {
    String text = request.text();
    return text.contains("\"" + tool + "\"") && !text.contains("note.txt");
  }
}
