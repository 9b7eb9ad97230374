// client.mjs LIBRARY PROTOCOL NODE: asks with one vendor's library what it reads as lines of JSON,
// and writes what the library's objects say as lines of JSON. Objects from which a conversation goes
// on stay here; the other side has a number for each.
import { createInterface } from 'node:readline';

const [library, protocol, node] = process.argv.slice(2);
const client = (await import(`./${library}.mjs`))[protocol];
const kept = [];

// Libraries report on standard output too what they think of a model.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

// After an abort some break a promise that nobody could have waited for.
process.on('unhandledRejection', (error) => process.stderr.write(`${error?.stack}\n`));

async function answer({ what, ask, token, retries }) {
  ask.previous = kept[ask.previous];
  const result = await client[what](ask, { node, token, retries });
  if (result?.own) {
    result.own = kept.push(result.own) - 1;
  }
  return { result };
}

// A library that wraps what happened says so by one of these names.
function failure(error) {
  const inner = error?.lastError ?? error;
  const status = inner?.status ?? inner?.statusCode ?? inner?.response?.status;
  return {
    status: Number.isInteger(status) ? status : 0,
    message: `${inner?.message ?? JSON.stringify(inner)}`,
    stack: `${inner?.stack}`,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ failure: failure(error) }));
  write(JSON.stringify(said) + '\n');
}
