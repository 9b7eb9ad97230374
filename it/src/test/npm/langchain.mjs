// LangChain with its three libraries.
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import * as common from './ask.mjs';

function messages(ask) {
  const content = ask.image
    ? [
        { type: 'text', text: ask.text },
        { type: 'image_url', image_url: { url: common.dataUrl(ask) } },
      ]
    : ask.text;
  const all = [new SystemMessage(ask.system), new HumanMessage({ content })];
  if (ask.previous) {
    all.push(ask.previous);
    ask.previous.tool_calls.forEach(({ id, name }, i) =>
      all.push(new ToolMessage({ tool_call_id: id, name, content: ask.results[i] })),
    );
  }
  return all;
}

function bound(model, ask) {
  const tools = common.tools(ask).map(({ name, schema }) => ({
    type: 'function',
    function: { name, description: 'Tells it', parameters: schema },
  }));
  return tools.length ? model.bindTools(tools) : model;
}

function said(answer) {
  const blocks = Array.isArray(answer.content) ? answer.content : [];
  const more = answer.additional_kwargs;
  const usage = answer.usage_metadata;
  const told = answer.response_metadata;
  const finish =
    told.finish_reason ?? told.finishReason ?? told.stop_reason ?? more.stop_reason ?? told.status;
  // Of some failures in a stream it says nothing.
  if (!usage || !finish) {
    throw new Error('the answer has no end');
  }
  return {
    text: answer.text,
    thought:
      blocks.map((block) => block.thinking ?? block.reasoning ?? '').join('') ||
      more.reasoning_content ||
      (more.reasoning?.summary ?? []).map((part) => part.text).join(''),
    calls: answer.tool_calls.map(({ id, name, args }) => ({ id, name, arguments: args })),
    finish,
    prompt: usage.input_tokens,
    cacheRead: usage.input_token_details?.cache_read ?? 0,
    // Of Gemini it leaves the thoughts out of output_tokens.
    completion: usage.total_tokens - usage.input_tokens,
    own: answer,
  };
}

async function* texts(stream) {
  for await (const chunk of stream) {
    yield chunk.text;
  }
}

const library = (open) => ({
  async whole(ask, connection) {
    return said(await bound(open(ask, connection), ask).invoke(messages(ask)));
  },
  async streamed(ask, connection) {
    let all;
    for await (const chunk of await bound(open(ask, connection), ask).stream(messages(ask))) {
      all = all ? all.concat(chunk) : chunk;
    }
    return said(all);
  },
  async forecast(ask, connection) {
    const model = open(ask, connection);
    return model
      .withStructuredOutput(common.forecast, { name: 'forecast', method: 'jsonSchema' })
      .invoke(messages(ask));
  },
  async leave(ask, connection) {
    const abort = new AbortController();
    const stream = await open(ask, connection).stream(messages(ask), { signal: abort.signal });
    return common.leave(abort, texts(stream));
  },
});

const openai = (useResponsesApi) =>
  library(
    (ask, { node, token, retries }) =>
      new ChatOpenAI({
        model: ask.model,
        apiKey: token,
        configuration: { baseURL: `${node}/v1` },
        maxRetries: retries,
        useResponsesApi,
        // With a summary it would leave chat completions for responses.
        ...(ask.thought && {
          reasoning: { effort: 'low', ...(useResponsesApi && { summary: 'auto' }) },
        }),
      }),
  );

export const chat = openai(false);
export const responses = openai(true);
const anthropic = library(
  (ask, { node, token, retries }) =>
    new ChatAnthropic({
      model: ask.model,
      apiKey: token,
      anthropicApiUrl: node,
      maxTokens: 4096,
      maxRetries: retries,
      ...(ask.thought && { thinking: { type: 'enabled', budget_tokens: 2048 } }),
    }),
);
export { anthropic as messages };
export const gemini = library(
  (ask, { node, token, retries }) =>
    new ChatGoogleGenerativeAI({
      model: ask.model,
      apiKey: token,
      baseUrl: node,
      maxRetries: retries,
      ...(ask.thought && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } }),
    }),
);
