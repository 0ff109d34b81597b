import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { build } from 'esbuild';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import type { Attempt, RivalInit } from './rivals.js';

const RIVALS = 6;
const ROUNDS = 200;

// Threads meet more closely than processes do, and each round costs a millisecond only.
test('of several that begin at the same moment exactly one wins, whatever was there before', async (t) => {
  const directory = await temporaryDirectory(t);
  const script = join(directory, 'rivals.mjs');
  // Worker threads do not load TypeScript.
  await build({
    entryPoints: [join(import.meta.dirname, 'rivals.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const output = join(directory, 'place/output');
  const barrier = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from({ length: RIVALS }, (_, rival) => {
    const workerData: RivalInit = { rival, rivals: RIVALS, rounds: ROUNDS, directory: output, barrier };
    return new Worker(script, { workerData, execArgv: [] });
  });
  const attempts = await Promise.all(
    workers.map(async (worker) => ((await once(worker, 'message')) as [readonly Attempt[]])[0]),
  );
  let rotations = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const ofRound = attempts.map((each) => each[round] as Attempt);
    const winners = ofRound.flatMap((each, rival) => ('won' in each ? [{ rival, ...each }] : []));
    t.is(winners.length, 1, `round ${round}: ${JSON.stringify(ofRound)}`);
    t.deepEqual(winners[0]?.entries, ['run.json', 'run.lock', `winner-${winners[0]?.rival}`], `round ${round}`);
    for (const each of ofRound) if (!('won' in each)) t.regex(each.refused, /^OUTPUT_DIRECTORY_IN_USE: /);
    if (round % 3 !== 0) rotations++;
  }
  const names = await readdir(join(directory, 'place'));
  t.is(names.length, rotations + 1, 'every earlier run was moved exactly once');
  for (const name of names) {
    if (name === 'output') continue;
    // A rival may have made its lock in a directory that was moved at that very moment; such a lock counts no more.
    const entries = (await readdir(join(directory, 'place', name))).filter((entry) => !entry.startsWith('run.lock'));
    t.deepEqual(entries, ['run.json'], name);
  }
});
