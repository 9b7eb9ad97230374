// The AI SDK with its three providers.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import * as common from './ask.mjs';

const thinking = {
  openai: { reasoningEffort: 'low', reasoningSummary: 'auto' },
  anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } },
  google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } },
};

function params(model, ask, { retries }, signal) {
  const content = [{ type: 'text', text: ask.text }];
  if (ask.image) {
    content.push({ type: 'image', image: ask.image, mediaType: 'image/png' });
  }
  const messages = [{ role: 'user', content }];
  if (ask.previous) {
    const results = ask.previous
      .flatMap((message) => message.content)
      .filter((part) => part.type === 'tool-call')
      .map(({ toolCallId, toolName }, i) => ({
        type: 'tool-result',
        toolCallId,
        toolName,
        output: { type: 'text', value: ask.results[i] },
      }));
    messages.push(...ask.previous, { role: 'tool', content: results });
  }
  const tools = common
    .tools(ask)
    .map(({ name, schema }) => [name, tool({ inputSchema: jsonSchema(schema) })]);
  return {
    model,
    system: ask.system,
    messages,
    maxRetries: retries,
    ...(tools.length && { tools: Object.fromEntries(tools) }),
    providerOptions: {
      // Else it takes a tool for models whose names it does not know.
      anthropic: { structuredOutputMode: 'outputFormat', ...(ask.thought && thinking.anthropic) },
      ...(ask.thought && { openai: thinking.openai, google: thinking.google }),
    },
    ...(ask.schema && { output: Output.object({ schema: common.forecast }) }),
    ...(signal && { abortSignal: signal }),
  };
}

// Every member of a whole answer is there, every member of a stream is promised.
async function said(answer) {
  const usage = await answer.usage;
  return {
    text: await answer.text,
    thought: (await answer.reasoningText) ?? '',
    calls: (await answer.toolCalls).map(({ toolCallId, toolName, input }) => ({
      id: toolCallId,
      name: toolName,
      arguments: input,
    })),
    finish: await answer.finishReason,
    prompt: usage.inputTokens,
    cacheRead: usage.inputTokenDetails?.cacheReadTokens ?? 0,
    completion: usage.outputTokens,
    own: (await answer.response).messages,
  };
}

const provider = (open) => ({
  async whole(ask, connection) {
    return said(await generateText(params(open(ask.model, connection), ask, connection)));
  },
  async streamed(ask, connection) {
    let failure;
    const answer = streamText({
      ...params(open(ask.model, connection), ask, connection),
      onError: ({ error }) => (failure = error),
    });
    await answer.consumeStream();
    if (failure) {
      throw failure;
    }
    return said(answer);
  },
  async forecast(ask, connection) {
    return (await generateText(params(open(ask.model, connection), ask, connection))).output;
  },
  async leave(ask, connection) {
    const abort = new AbortController();
    const asked = params(open(ask.model, connection), ask, connection, abort.signal);
    return common.leave(abort, streamText(asked).textStream);
  },
});

const openai = ({ node, token }) => createOpenAI({ baseURL: `${node}/v1`, apiKey: token });

export const chat = provider((model, connection) => openai(connection).chat(model));
export const responses = provider((model, connection) => openai(connection).responses(model));
export const messages = provider((model, { node, token }) =>
  createAnthropic({ baseURL: `${node}/v1`, apiKey: token })(model),
);
export const gemini = provider((model, { node, token }) =>
  createGoogleGenerativeAI({ baseURL: `${node}/v1beta`, apiKey: token })(model),
);
