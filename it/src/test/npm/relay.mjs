// relay.mjs LISTEN TARGET [COMMAND...]: passes connections on from one port of 127.0.0.1 or Unix
// socket to another. With a command it runs that meanwhile and ends with its exit code; without one
// it ends with its standard input.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { pipeline } from 'node:stream';

const [listen, target, command, ...rest] = process.argv.slice(2);
const at = (where) =>
  /^\d+$/.test(where) ? { host: '127.0.0.1', port: Number(where) } : { path: where };

const server = net.createServer({ allowHalfOpen: true }, (near) => {
  const far = net.connect({ ...at(target), allowHalfOpen: true });
  // A connection that breaks on one side is broken on the other.
  const broken = (error) => error && (near.destroy(), far.destroy());
  pipeline(near, far, broken);
  pipeline(far, near, broken);
});
server.listen(at(listen), () => {
  if (command === undefined) {
    process.stdout.write('listening\n');
    process.stdin.on('end', () => process.exit(0)).resume();
    return;
  }
  spawn(command, rest, { stdio: 'inherit' })
    .on('error', (error) => (process.stderr.write(error.message + '\n'), process.exit(127)))
    .on('exit', (code, signal) => process.exit(signal ? 128 : code));
});
