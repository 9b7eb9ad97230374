// Anthropic's own library.
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import * as common from './ask.mjs';

const open = ({ node, token, retries }) =>
  new Anthropic({ baseURL: node, apiKey: token, maxRetries: retries });

function params(ask) {
  const content = ask.image
    ? [
        { type: 'text', text: ask.text },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: ask.image } },
      ]
    : ask.text;
  const all = [{ role: 'user', content }];
  if (ask.previous) {
    const results = ask.previous
      .filter((block) => block.type === 'tool_use')
      .map((call, i) => ({ type: 'tool_result', tool_use_id: call.id, content: ask.results[i] }));
    all.push({ role: 'assistant', content: ask.previous }, { role: 'user', content: results });
  }
  const tools = common.tools(ask).map(({ name, schema }) => ({ name, input_schema: schema }));
  return {
    model: ask.model,
    max_tokens: 4096,
    system: ask.system,
    messages: all,
    ...(tools.length && { tools }),
    ...(ask.thought && { thinking: { type: 'enabled', budget_tokens: 2048 } }),
  };
}

function said(answer) {
  const blocks = (type) => answer.content.filter((block) => block.type === type);
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = answer.usage;
  return {
    text: blocks('text').map((block) => block.text).join(''),
    thought: blocks('thinking').map((block) => block.thinking).join(''),
    calls: blocks('tool_use').map(({ id, name, input }) => ({ id, name, arguments: input })),
    finish: answer.stop_reason,
    prompt: input_tokens + cache_read_input_tokens + cache_creation_input_tokens,
    cacheRead: cache_read_input_tokens,
    completion: answer.usage.output_tokens,
    own: answer.content,
  };
}

async function* texts(stream) {
  for await (const event of stream) {
    yield event.type === 'content_block_delta' && event.delta.text;
  }
}

export const messages = {
  async whole(ask, connection) {
    return said(await open(connection).messages.create(params(ask)));
  },
  async streamed(ask, connection) {
    return said(await open(connection).messages.stream(params(ask)).finalMessage());
  },
  async forecast(ask, connection) {
    const answer = await open(connection).messages.parse({
      ...params(ask),
      output_config: { format: zodOutputFormat(common.forecast) },
    });
    return answer.parsed_output;
  },
  async leave(ask, connection) {
    const abort = new AbortController();
    const stream = await open(connection).messages.create(
      { ...params(ask), stream: true },
      { signal: abort.signal },
    );
    return common.leave(abort, texts(stream));
  },
};
