import test from 'ava';
import { CommandQueue } from '../../src/instance/command-queue.js';
import type { CommandMessage } from '../../src/protocol/instance-protocol.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';

const command = (name: string, dueMs: number) => ({ command: name, dueMs }) as CommandMessage;

/** Lets the event loop turn: what waits for its turn has it, and then the promises theirs. */
async function turns(clock: ManualClock, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    clock.turn();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a thread that is late runs what is due in order, and an asynchronous command goes on before the next begins', async (t) => {
  const clock = new ManualClock();
  const log: string[] = [];
  const queue = new CommandQueue(clock, ({ command: name }) => {
    log.push(`${name} begins`);
    void (async () => {
      for (let step = 0; step < 5; step++) await Promise.resolve();
      log.push(`${name} ends`);
    })();
  });
  const startMs = clock.nowMs();
  clock.advance(1000);
  for (const [name, delayMs] of [
    ['start', 200],
    ['introduce', 500],
    ['same moment', 500],
    ['later', 2000],
  ] as const)
    queue.push(command(name, startMs + delayMs));
  await turns(clock, 10);
  const ran = ['start', 'introduce', 'same moment'].flatMap((name) => [`${name} begins`, `${name} ends`]);
  t.deepEqual(log, ran);
  clock.advance(1000);
  await turns(clock, 3);
  t.deepEqual(log.slice(ran.length), ['later begins', 'later ends']);
});

test('what was forgotten does not run, though it was due', async (t) => {
  const clock = new ManualClock();
  const log: string[] = [];
  const queue = new CommandQueue(clock, ({ command: name }) => log.push(name));
  for (const name of ['one', 'two', 'three']) queue.push(command(name, clock.nowMs()));
  queue.clear();
  await turns(clock, 5);
  t.deepEqual(log, []);
});
