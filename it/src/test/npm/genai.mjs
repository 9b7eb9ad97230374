// Google's own library.
import { GoogleGenAI } from '@google/genai';
import { z } from 'zod';
import * as common from './ask.mjs';

// It tries again only where it is told to.
const open = ({ node, token, retries = 2 }) =>
  new GoogleGenAI({
    apiKey: token,
    httpOptions: { baseUrl: node, retryOptions: { attempts: retries + 1, initialDelay: 0.02 } },
  });

function params(ask, signal) {
  const parts = [{ text: ask.text }];
  if (ask.image) {
    parts.push({ inlineData: { mimeType: 'image/png', data: ask.image } });
  }
  const contents = [{ role: 'user', parts }];
  if (ask.previous) {
    const results = ask.previous
      .filter((part) => part.functionCall)
      .map(({ functionCall: { id, name } }, i) => ({
        functionResponse: { id, name, response: { output: ask.results[i] } },
      }));
    contents.push({ role: 'model', parts: ask.previous }, { role: 'user', parts: results });
  }
  const functions = common
    .tools(ask)
    .map(({ name, schema }) => ({ name, description: 'Tells it', parametersJsonSchema: schema }));
  return {
    model: ask.model,
    contents,
    config: {
      systemInstruction: ask.system,
      ...(functions.length && { tools: [{ functionDeclarations: functions }] }),
      ...(ask.thought && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } }),
      ...(ask.schema && {
        responseMimeType: 'application/json',
        responseJsonSchema: z.toJSONSchema(common.forecast),
      }),
      ...(signal && { abortSignal: signal }),
    },
  };
}

// One answer, whole or in pieces.
function said(pieces) {
  const parts = pieces.flatMap((piece) => piece.candidates?.[0]?.content?.parts ?? []);
  const texts = (thought) =>
    parts.filter((part) => part.text && !!part.thought === thought).map((part) => part.text);
  const last = pieces.at(-1);
  const used = last.usageMetadata;
  return {
    text: texts(false).join(''),
    thought: texts(true).join(''),
    calls: parts
      .filter((part) => part.functionCall)
      .map(({ functionCall: { id, name, args } }) => ({ id: id ?? '', name, arguments: args })),
    finish: last.candidates[0].finishReason,
    prompt: used.promptTokenCount,
    cacheRead: used.cachedContentTokenCount ?? 0,
    completion: used.candidatesTokenCount + (used.thoughtsTokenCount ?? 0),
    own: parts,
  };
}

async function* texts(stream) {
  for await (const piece of stream) {
    yield piece.text;
  }
}

export const gemini = {
  async whole(ask, connection) {
    return said([await open(connection).models.generateContent(params(ask))]);
  },
  async streamed(ask, connection) {
    const pieces = [];
    for await (const piece of await open(connection).models.generateContentStream(params(ask))) {
      pieces.push(piece);
    }
    return said(pieces);
  },
  async forecast(ask, connection) {
    return JSON.parse((await open(connection).models.generateContent(params(ask))).text);
  },
  async leave(ask, connection) {
    const abort = new AbortController();
    const asked = params(ask, abort.signal);
    return common.leave(abort, texts(await open(connection).models.generateContentStream(asked)));
  },
};
