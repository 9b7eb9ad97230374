// OpenAI's own library.
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import * as common from './ask.mjs';

const open = ({ node, token, retries }) =>
  new OpenAI({ baseURL: `${node}/v1`, apiKey: token, maxRetries: retries });

function chatParams(ask) {
  const content = ask.image
    ? [
        { type: 'text', text: ask.text },
        { type: 'image_url', image_url: { url: common.dataUrl(ask) } },
      ]
    : ask.text;
  const messages = [{ role: 'system', content: ask.system }, { role: 'user', content }];
  if (ask.previous) {
    messages.push(ask.previous);
    ask.previous.tool_calls.forEach((call, i) =>
      messages.push({ role: 'tool', tool_call_id: call.id, content: ask.results[i] }),
    );
  }
  const functions = common
    .tools(ask)
    .map(({ name, schema }) => ({ type: 'function', function: { name, parameters: schema } }));
  return {
    model: ask.model,
    messages,
    ...(functions.length && { tools: functions }),
    ...(ask.thought && { reasoning_effort: 'low' }),
  };
}

function chatSaid(answer, thought) {
  const { message, finish_reason } = answer.choices[0];
  return {
    text: message.content ?? '',
    thought: thought ?? '',
    calls: (message.tool_calls ?? []).map((call) => ({
      id: call.id,
      name: call.function.name,
      arguments: JSON.parse(call.function.arguments),
    })),
    finish: finish_reason,
    prompt: answer.usage.prompt_tokens,
    cacheRead: answer.usage.prompt_tokens_details.cached_tokens,
    completion: answer.usage.completion_tokens,
    own: message,
  };
}

export const chat = {
  async whole(ask, connection) {
    const answer = await open(connection).chat.completions.create(chatParams(ask));
    return chatSaid(answer, answer.choices[0].message.reasoning_content);
  },
  async streamed(ask, connection) {
    const stream = open(connection).chat.completions.stream({
      ...chatParams(ask),
      stream_options: { include_usage: true },
    });
    let thought = '';
    for await (const chunk of stream) {
      thought += chunk.choices[0]?.delta.reasoning_content ?? '';
    }
    return chatSaid(await stream.finalChatCompletion(), thought);
  },
  async forecast(ask, connection) {
    const answer = await open(connection).chat.completions.parse({
      ...chatParams(ask),
      response_format: zodResponseFormat(common.forecast, 'forecast'),
    });
    return answer.choices[0].message.parsed;
  },
  async leave(ask, connection) {
    const abort = new AbortController();
    const stream = await open(connection).chat.completions.create(
      { ...chatParams(ask), stream: true },
      { signal: abort.signal },
    );
    return common.leave(abort, texts(stream, (chunk) => chunk.choices[0]?.delta.content));
  },
};

async function* texts(stream, text) {
  for await (const event of stream) {
    yield text(event);
  }
}

function responsesParams(ask) {
  const content = ask.image
    ? [
        { type: 'input_text', text: ask.text },
        { type: 'input_image', detail: 'auto', image_url: common.dataUrl(ask) },
      ]
    : ask.text;
  const input = [{ role: 'user', content }];
  if (ask.previous) {
    input.push(...ask.previous);
    ask.previous
      .filter((item) => item.type === 'function_call')
      .forEach((call, i) =>
        input.push({ type: 'function_call_output', call_id: call.call_id, output: ask.results[i] }),
      );
  }
  const functions = common
    .tools(ask)
    .map(({ name, schema }) => ({ type: 'function', name, parameters: schema, strict: true }));
  return {
    model: ask.model,
    instructions: ask.system,
    input,
    store: false,
    ...(functions.length && { tools: functions }),
    ...(ask.thought && { reasoning: { effort: 'low', summary: 'auto' } }),
  };
}

function responsesSaid(answer) {
  const items = (type) => answer.output.filter((item) => item.type === type);
  return {
    text: answer.output_text,
    thought: items('reasoning')
      .flatMap((item) => item.summary)
      .map((part) => part.text)
      .join(''),
    calls: items('function_call').map((call) => ({
      id: call.call_id,
      name: call.name,
      arguments: JSON.parse(call.arguments),
    })),
    finish: answer.status,
    prompt: answer.usage.input_tokens,
    cacheRead: answer.usage.input_tokens_details.cached_tokens,
    completion: answer.usage.output_tokens,
    own: answer.output,
  };
}

export const responses = {
  async whole(ask, connection) {
    return responsesSaid(await open(connection).responses.create(responsesParams(ask)));
  },
  async streamed(ask, connection) {
    const stream = open(connection).responses.stream(responsesParams(ask));
    const answer = await stream.finalResponse();
    if (answer.error) {
      throw new Error(answer.error.message);
    }
    return responsesSaid(answer);
  },
  async forecast(ask, connection) {
    const answer = await open(connection).responses.parse({
      ...responsesParams(ask),
      text: { format: zodTextFormat(common.forecast, 'forecast') },
    });
    return answer.output_parsed;
  },
  async leave(ask, connection) {
    const abort = new AbortController();
    const stream = await open(connection).responses.create(
      { ...responsesParams(ask), stream: true },
      { signal: abort.signal },
    );
    const text = (event) => event.type === 'response.output_text.delta' && event.delta;
    return common.leave(abort, texts(stream, text));
  },
};
