import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Figure, ratioFigure } from './figure.js';
import { measureApart } from './measure-apart.js';
import { runBenchExperiment } from './run-bench-experiment.js';

/** A thousand packed instances may cost as much as this number of empty threads. */
const THREADS_PER_THOUSAND = 60;
/** The time between two moments at which everyone works. */
const INTERVAL_S = 1;
/** In a module as in a plain loop. */
const WORK = `createHash('sha256').update(Buffer.alloc(${1 << 17})).digest();`;

/** Measures instances that share as many threads as there are cores: their start, their memory, and how late they are. */
export async function benchPacked(small: boolean): Promise<readonly Figure[]> {
  const instances = small ? 100 : 1000;
  return [...(await benchStartAndMemory(instances, small)), await benchLatenessAtOnce(instances, small ? 3 : 20)];
}

async function benchStartAndMemory(instances: number, small: boolean): Promise<readonly Figure[]> {
  const threads = (THREADS_PER_THOUSAND * instances) / 1000;
  const walkS = small ? 2 : 60;
  const floor = await measureApart('threads', threads);
  const run = await measureApart('packed', instances, walkS);
  const after = `${walkS} s of walking`;
  const name = `${instances} packed instances beside ${threads} empty threads`;
  return [
    ratioFigure(`${name}: start until GO`, 'ms', run.startMs, floor.startMs, 1),
    ratioFigure(`${name}: memory of all, after ${after}`, 'MiB', run.memoryMb * instances, floor.memoryMb * threads, 1),
  ];
}

/** All instances work at one moment; the last one cannot begin before the others' work is done. */
async function benchLatenessAtOnce(instances: number, rounds: number): Promise<Figure> {
  const events = Array.from({ length: rounds }, (_, round) => `@${2 + round * INTERVAL_S} work`);
  const end = 3 + rounds * INTERVAL_S;
  const before = await loopMs(instances);
  const { result } = await runBenchExperiment({
    instances,
    options: ['instances_per_worker = auto'],
    scenario: [...events, `@${end} stop`],
    work: WORK,
  });
  if (result.latenessMs === undefined) throw new Error('no event was dispatched');
  // The machine may have become slower, or faster, in the meantime.
  const floorMs = (before + (await loopMs(instances))) / 2;
  const name = `lateness of work, ${instances} packed instances at once, p99`;
  return ratioFigure(name, 'ms', result.latenessMs.p99, floorMs, 2);
}

/** How long the same work takes in plain loops, in as many threads as there are cores, all at once. */
async function loopMs(instances: number): Promise<number> {
  const threads = availableParallelism();
  const count = Math.ceil(instances / threads);
  const source = `
    const { createHash } = require('node:crypto');
    const { parentPort } = require('node:worker_threads');
    parentPort.once('message', () => {
      const startMs = performance.now();
      for (let index = 0; index < ${count}; index++) { ${WORK} }
      parentPort.postMessage(performance.now() - startMs);
    });
    parentPort.postMessage('ready');`;
  const workers = Array.from({ length: threads }, () => new Worker(source, { eval: true }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const loops = workers.map(async (worker) => ((await once(worker, 'message')) as [number])[0]);
  for (const worker of workers) worker.postMessage('go');
  const tookMs = await Promise.all(loops);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return Math.max(...tookMs);
}
