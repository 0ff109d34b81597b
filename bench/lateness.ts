import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HEAP_OLD_MB_DEFAULT, HEAP_YOUNG_MB } from '../src/coordinator/link/worker-thread.js';
import { quantilesOf } from '../src/statistics/quantiles.js';
import { type Figure, ratioFigure } from './figure.js';
import { runBenchExperiment } from './run-bench-experiment.js';

/** The time between two moments at which everyone is told something. */
const INTERVAL_MS = 500;

/** Measures how late the events of a scenario are when all instances are told something at once, beside threads that only wake up. */
export async function benchLateness(small: boolean): Promise<readonly Figure[]> {
  const [instances, rounds] = small ? [10, 3] : [200, 20];
  const floor = quantilesOf(await wakeThreads(instances, rounds));
  const events = Array.from({ length: rounds }, (_, round) => `@${2 + (round * INTERVAL_MS) / 1000} tick`);
  const end = 3 + (rounds * INTERVAL_MS) / 1000;
  const { result } = await runBenchExperiment({ instances, scenario: [...events, `@${end} stop`] });
  const { latenessMs } = result;
  if (latenessMs === undefined || floor === undefined) throw new Error('no event was dispatched');
  const name = `lateness of events, ${instances} instances at once`;
  return [
    ratioFigure(`${name}, median`, 'ms', latenessMs.median, floor.median, 2),
    ratioFigure(`${name}, p99`, 'ms', latenessMs.p99, floor.p99, 3),
  ];
}

const WAKING_THREAD = `
  const { parentPort } = require('node:worker_threads');
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  parentPort.on('message', (dueMs) => {
    setTimeout(() => {
      const lateMs = Math.max(0, now() - dueMs);
      setTimeout(() => parentPort.postMessage(lateMs), 50);
    }, Math.round(dueMs - now()));
  });
`;

/** How late threads that do nothing else wake up when all are to wake at one moment. */
async function wakeThreads(threads: number, rounds: number): Promise<readonly number[]> {
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(WAKING_THREAD, {
        eval: true,
        resourceLimits: { maxYoungGenerationSizeMb: HEAP_YOUNG_MB, maxOldGenerationSizeMb: HEAP_OLD_MB_DEFAULT },
      }),
  );
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
  const latenessMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const dueMs = Number(process.hrtime.bigint()) / 1e6 + INTERVAL_MS / 2;
    const reports = workers.map((worker) => new Promise<number>((resolve) => worker.once('message', resolve)));
    for (const worker of workers) worker.postMessage(dueMs);
    latenessMs.push(...(await Promise.all(reports)));
    await delay(INTERVAL_MS / 2);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  // The first moment finds threads that are still starting.
  return latenessMs.slice(threads);
}
