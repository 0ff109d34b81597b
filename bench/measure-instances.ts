/**
 * `measure-instances.ts threads|instances|packed N [WALK_S]`: prints, as JSON, how long N of them take to start and what
 * each keeps in memory.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HEAP_OLD_MB_DEFAULT, HEAP_YOUNG_MB } from '../src/coordinator/link/worker-thread.js';
import { runBenchExperiment } from './run-bench-experiment.js';

export interface Measured {
  readonly startMs: number;
  /** The memory of each one, in MiB. */
  readonly memoryMb: number;
}

const [what, count, walkS] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 2)];
const measured =
  what === 'threads'
    ? await measureThreads(count)
    : await measureInstances(count, walkS, what === 'packed' ? ['instances_per_worker = auto'] : []);
process.stdout.write(JSON.stringify(measured));

/** Measures threads that say that they are up and do nothing more; as many are started at once as the coordinator starts instances. */
async function measureThreads(threads: number): Promise<Measured> {
  const before = memoryBytes();
  const workers: Worker[] = [];
  const startMs = performance.now();
  let started = 0;
  const startNext = async (): Promise<void> => {
    while (started++ < threads) workers.push(await startIdleThread());
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, startNext));
  const tookMs = performance.now() - startMs;
  await delay(1500);
  const memoryMb = (memoryBytes() - before) / threads / 2 ** 20;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { startMs: tookMs, memoryMb };
}

async function startIdleThread(): Promise<Worker> {
  const source =
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => {}); parentPort.postMessage('up');";
  const worker = new Worker(source, {
    eval: true,
    resourceLimits: { maxYoungGenerationSizeMb: HEAP_YOUNG_MB, maxOldGenerationSizeMb: HEAP_OLD_MB_DEFAULT },
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  await new Promise((resolve) => worker.once('message', resolve));
  return worker;
}

/** Measures instances whose overlay runs and walks for a while. */
async function measureInstances(instances: number, walkS: number, options: readonly string[]): Promise<Measured> {
  let before = 0;
  let memoryMb = 0;
  const { result } = await runBenchExperiment({
    instances,
    scenario: [
      '@0 isolate_community IdleCommunity',
      '@0.2 start_session',
      '@0.5 introduce_peers 10',
      `@${walkS + 1} stop`,
    ],
    options,
    onProgress: (progress) => {
      if (progress.type === 'stage' && progress.stage === 'starting') before = memoryBytes();
      else if (progress.type === 'tick' && progress.timeS < walkS + 0.9)
        memoryMb = (memoryBytes() - before) / instances / 2 ** 20;
    },
  });
  return { startMs: result.startUpMs ?? Number.NaN, memoryMb };
}

function memoryBytes(): number {
  return process.memoryUsage.rss();
}
