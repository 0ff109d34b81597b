import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type Figure, ratioFigure } from './figure.js';
import { measureApart } from './measure-apart.js';
import { runBenchExperiment } from './run-bench-experiment.js';

/** A thousand packed instances may cost as much as this number of empty threads. */
const THREADS_PER_THOUSAND = 60;
/** The time between two moments at which everyone works. */
const INTERVAL_S = 1;
const BLOCK_BYTES = 1 << 17;

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
  const before = loopMs(instances);
  const { result } = await runBenchExperiment({
    instances,
    options: ['instances_per_worker = auto'],
    scenario: [...events, `@${end} stop`],
    work: `createHash('sha256').update(Buffer.alloc(${BLOCK_BYTES})).digest();`,
  });
  if (result.latenessMs === undefined) throw new Error('no event was dispatched');
  // The machine may have become slower, or faster, in the meantime.
  const floorMs = (before + loopMs(instances)) / 2 / availableParallelism();
  const name = `lateness of work, ${instances} packed instances at once, p99`;
  return ratioFigure(name, 'ms', result.latenessMs.p99, floorMs, 2);
}

/** The time that the same work takes in a plain loop of one thread. */
function loopMs(instances: number): number {
  const startMs = performance.now();
  for (let index = 0; index < instances; index++) createHash('sha256').update(Buffer.alloc(BLOCK_BYTES)).digest();
  return performance.now() - startMs;
}
