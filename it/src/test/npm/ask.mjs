// What all clients have in common.
import { z } from 'zod';

// The form of the answer to a question for a forecast.
export const forecast = z.object({ city: z.string(), days: z.number().int() });

// The tools of a question, as name and JSON Schema.
export const tools = (ask) =>
  Object.entries(ask.tools).map(([name, fields]) => ({ name, schema: schema(fields) }));

function schema(fields) {
  const type = (field) => [field, { type: field === 'days' ? 'integer' : 'string' }];
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(type)),
    required: fields,
    additionalProperties: false,
  };
}

// The image of a question.
export const dataUrl = (ask) => `data:image/png;base64,${ask.image}`;

// Takes texts from a stream until the first that says something, and aborts the request then.
export async function leave(abort, texts) {
  for await (const text of texts) {
    if (text) {
      abort.abort();
      return text;
    }
  }
  throw new Error('the stream ended without a word');
}
