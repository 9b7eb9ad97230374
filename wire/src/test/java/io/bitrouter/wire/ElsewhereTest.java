package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.gateway.Dialect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model reads for a request that is not in its body. */
class ElsewhereTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTHING | [] | {}",
        "NOTHING | [{'type':'file','file':{'file_data':'data:,'}}] | {}",
        "CONTENT | [{'type':'file','file':{'file_id':'file-1'}}] | {}",
        "NOTHING | [{'type':'image_url','image_url':{'url':'https://a/b'}}] | {}",
        "NOTHING | [] | {'tools':[{'type':'function','function':{'name':'web_search'}}]}",
        "NOTHING | [] | {'tools':[{'type':'custom','custom':{'name':'x'}}]}",
        "TOOLS | [] | {'tools':[{'type':'web_search'}]}",
        "TOOLS | [] | {'web_search_options':{}}",
        "TOOLS | [{'type':'file','file':{'file_id':'file-1'}}] | {'web_search_options':{}}",
      })
  void ofChats(Elsewhere expected, String content, String more) {
    check(Dialects.CHAT, expected, content, more);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTHING | [] | {}",
        "NOTHING | [{'type':'document','source':{'type':'base64','data':'AA=='}}] | {}",
        "CONTENT | [{'type':'document','source':{'type':'url','url':'https://a/b'}}] | {}",
        "CONTENT | [{'type':'document','source':{'type':'file','file_id':'f'}}] | {}",
        "CONTENT | [{'type':'container_upload','file_id':'f'}] | {}",
        "NOTHING | [{'type':'image','source':{'type':'url','url':'https://a/b'}}] | {}",
        "NOTHING | [] | {'tools':[{'name':'mine','input_schema':{}}]}",
        "NOTHING | [] | {'tools':[{'type':'bash_20250124','name':'bash'}]}",
        "TOOLS | [] | {'tools':[{'type':'web_search_20250305','name':'web_search'}]}",
        "TOOLS | [] | {'mcp_servers':[{'url':'https://a'}]}",
        "NOTHING | [] | {'mcp_servers':[]}",
      })
  void ofMessages(Elsewhere expected, String content, String more) {
    check(Dialects.MESSAGES, expected, content, more);
  }

  private static void check(Dialect dialect, Elsewhere expected, String content, String more) {
    String members = more.substring(1, more.length() - 1);
    String body =
        "{'model':'m','max_tokens':5,%s%s'messages':[{'role':'user','content':%s}]}"
            .formatted(members, members.isEmpty() ? "" : ",", content);
    String json = body.replace('\'', '"');
    assertThat(Dialects.decoded(dialect, json).asked().elsewhere()).as(body).isEqualTo(expected);
  }
}
