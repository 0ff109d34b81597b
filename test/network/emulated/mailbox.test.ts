import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import { build } from 'esbuild';
import fc from 'fast-check';
import type { CrossingPacket } from '../../../src/network/emulated/crossing-packet.js';
import { createMailbox, Mailbox } from '../../../src/network/emulated/mailbox.js';
import { Mailboxes } from '../../../src/network/emulated/mailboxes.js';
import { NetworkFigures } from '../../../src/network/network-figures.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { until } from '../until.js';

const MAILBOX = fileURLToPath(new URL('../../../src/network/emulated/mailbox.ts', import.meta.url));

function packetOf(sequence: number, bytes: Uint8Array): CrossingPacket {
  const [timeMs, target, source, sourcePort, targetPort, isInside] = [sequence / 3, 1, 2, 5, 65_535, true];
  return { timeMs, sentMs: timeMs - 1, target, source, sequence, sourcePort, targetPort, isInside, bytes };
}

test('what is put in comes out whole and in order, however often the ring goes round', (t) => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 65_507 }), fc.boolean()), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (sizes) => {
      const mailbox = new Mailbox(createMailbox());
      const [sent, got]: CrossingPacket[][] = [[], []];
      for (const [index, [size, isRead]] of sizes.entries()) {
        const packet = packetOf(index, new Uint8Array(size).fill(index));
        if (mailbox.put(packet, 3) === 'taken') sent?.push(packet);
        if (isRead) mailbox.take((each) => got?.push(each));
      }
      mailbox.take((each) => got?.push(each));
      t.deepEqual(got, sent);
    }),
    { numRuns: 20 },
  );
});

test('a mailbox that nobody empties gets full, and what it has no room for is counted', (t) => {
  const memory = createMailbox();
  const figures = new NetworkFigures();
  const boxes = new Mailboxes([memory, createMailbox()], 1, figures);
  for (let sequence = 0; sequence < 30; sequence++) boxes.send(0, packetOf(sequence, new Uint8Array(50_000)));
  const got: number[] = [];
  new Mailbox(memory).take(({ sequence }) => got.push(sequence));
  t.deepEqual(
    got,
    Array.from({ length: 20 }, (_, index) => index),
  );
  t.is(figures.packets.notTaken, 10);
  new Mailbox(memory).close();
  boxes.send(0, packetOf(0, new Uint8Array(1)));
  t.is(figures.packets.toNobody, 1);
});

test('whoever watches gets what others put in, until it no longer watches', async (t) => {
  const memories = [createMailbox(), createMailbox()];
  const [reader, writer] = [0, 1].map((thread) => new Mailboxes(memories, thread, new NetworkFigures()));
  const got: number[] = [];
  const end = reader?.watch(({ sequence }) => got.push(sequence));
  writer?.send(0, packetOf(1, new Uint8Array(1)));
  await until(() => got.length === 1);
  writer?.send(0, packetOf(2, new Uint8Array(1)));
  await until(() => got.length === 2);
  end?.();
  writer?.send(0, packetOf(3, new Uint8Array(1)));
  await new Promise<void>((resolve) => void setImmediate(resolve));
  t.deepEqual(got, [1, 2]);
});

test('the lock of a thread that has ended is let go, and its unfinished packet was never put in', async (t) => {
  const memory = createMailbox();
  const mailbox = new Mailbox(memory);
  // A thread that holds the lock, and ends without letting it go.
  const worker = new Worker('Atomics.store(new Int32Array(require("worker_threads").workerData), 0, 8)', {
    eval: true,
    workerData: memory,
  });
  await new Promise((resolve) => worker.once('exit', resolve));
  mailbox.release(3);
  t.is(new Int32Array(memory)[0], 8, 'another thread holds it');
  mailbox.release(7);
  t.is(mailbox.put(packetOf(1, new Uint8Array(4)), 2), 'taken');
  const got: number[] = [];
  mailbox.take(({ sequence }) => got.push(sequence));
  t.deepEqual(got, [1]);
});

test('many threads put into one mailbox, and nothing is lost or mixed up', async (t) => {
  const memory = createMailbox();
  const mailbox = new Mailbox(memory);
  const threads = 3;
  const each = 300;
  const source = `
    const { workerData: { url, memory, thread, each } } = require('worker_threads');
    import(url).then(({ Mailbox }) => {
      const mailbox = new Mailbox(memory);
      for (let sequence = 0; sequence < each; sequence++) {
        const bytes = new Uint8Array(200).fill(thread * 16 + sequence % 16);
        const packet = { timeMs: 0, sentMs: 0, target: 1, source: thread, sequence, sourcePort: 1, targetPort: 1, isInside: false, bytes };
        while (mailbox.put(packet, thread) === 'full');
      }
    });`;
  const file = join(await temporaryDirectory(t), 'mailbox.mjs');
  await build({ entryPoints: [MAILBOX], outfile: file, bundle: true, format: 'esm', platform: 'node' });
  const url = pathToFileURL(file).href;
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData = { url, memory, thread, each };
    return new Worker(source, { eval: true, workerData });
  });
  const next = new Array<number>(threads).fill(0);
  const ended = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
  const end = mailbox.watch(({ source: thread, sequence, bytes }) => {
    t.is(sequence, next[thread] ?? -1);
    t.true(bytes.every((byte) => byte === thread * 16 + (sequence % 16)));
    next[thread] = sequence + 1;
  });
  await ended;
  await until(() => next.every((count) => count === each));
  end();
  t.deepEqual(next, [each, each, each]);
});
