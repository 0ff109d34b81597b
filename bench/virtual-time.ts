import { join } from 'node:path';
import { PendingWork } from '../src/host/virtual/pending-work.js';
import { realClock } from '../src/runtime/clock.js';
import { entityClock } from '../src/runtime/virtual-time/entity-clock.js';
import { EventScheduler } from '../src/runtime/virtual-time/event-scheduler.js';
import { TimeBoard } from '../src/runtime/virtual-time/time-board.js';
import { WindowRunner } from '../src/runtime/virtual-time/window-runner.js';
import { runExperiment, type RunProgress } from '../src/runner.js';
import { type Figure, median, plainFigure, ratioFigure } from './figure.js';
import { runBenchExperiment } from './run-bench-experiment.js';
import { withDirectory } from './with-directory.js';

const PROJECT = join(import.meta.dirname, '..');
const HOUR_S = 3600;
/** Times are measured so often: one of them may fall on a collection of garbage. */
const REPEATS = 3;

/** Measures what an event of virtual time costs, and how fast experiments go in it. */
export async function benchVirtualTime(small: boolean): Promise<readonly Figure[]> {
  return [await benchScheduling(small), await benchTutorial(), await benchWalking(small)];
}

/** Timers of a thousand entities, beside turns of the event loop: each event has a turn for itself, so that promises come in between. */
async function benchScheduling(small: boolean): Promise<Figure> {
  const events = small ? 20_000 : 1_000_000;
  const [runs, floors]: [number[], number[]] = [[], []];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    floors.push(((await turns(events)) * 1000) / events);
    runs.push(((await timers(events)) * 1000) / events);
  }
  return ratioFigure('an event of virtual time, beside a turn of the loop', 'µs', median(runs), median(floors), 3);
}

/** @returns how long so many turns of the event loop take, in milliseconds */
function turns(count: number): Promise<number> {
  const startMs = realClock.nowMs();
  return new Promise((resolve) => {
    let left = count;
    const turn = (): void => {
      if (--left === 0) resolve(realClock.nowMs() - startMs);
      else realClock.scheduleTurn(turn);
    };
    realClock.scheduleTurn(turn);
  });
}

/** @returns how long so many timers take, in milliseconds */
function timers(count: number): Promise<number> {
  const ENTITIES = 1000;
  const scheduler = new EventScheduler();
  const board = TimeBoard.forHosts(1, 1);
  board.stage = 'run';
  board.horizonMs = Infinity;
  board.setLive(0, 1);
  let left = count;
  for (let entity = 1; entity <= ENTITIES; entity++) {
    const clock = entityClock(scheduler, entity, 0);
    const tick = (): void => {
      if (--left <= 0) board.setLive(0, 0);
      else clock.schedule(1 + (entity % 97) / 10, tick);
    };
    clock.schedule(entity / 100, tick);
  }
  const work = new PendingWork();
  const startMs = realClock.nowMs();
  return new Promise((resolve) => {
    const runner = new WindowRunner({
      scheduler,
      board,
      host: 0,
      machine: realClock,
      isQuiet: () => work.isQuiet,
      onPark: () => resolve(realClock.nowMs() - startMs),
    });
    runner.resume();
  });
}

/** The tutorial, with real signatures: five peers for 75 seconds. */
async function benchTutorial(): Promise<Figure> {
  const seconds: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++)
    seconds.push(
      await withDirectory(async (directory) => {
        const watch = new StageWatch();
        const { result } = await runExperiment(
          {
            confFile: join(PROJECT, 'experiments/hello_world/hello_world.conf'),
            projectDir: PROJECT,
            set: ['clock=virtual', 'seed=bench', `output_dir=${directory}`],
          },
          { report: 'none', onProgress: watch.note },
        );
        if (result.exitCode !== 0) throw new Error(JSON.stringify(result.failures));
        return watch.runningMs / 1000;
      }),
    );
  return plainFigure('the tutorial in virtual time, from GO to its end', 's', median(seconds), 0.5);
}

/** An hour of a thousand walking peers without signatures, as far as a shorter time of them tells. */
async function benchWalking(small: boolean): Promise<Figure> {
  const [instances, walkS] = small ? [50, 20] : [1000, 120];
  const watch = new StageWatch();
  await runBenchExperiment({
    instances,
    options: ['clock = virtual', 'tracker_cmd = run_tracker.sh', 'tracker_crypto = NoCrypto'],
    scenario: ['@0 set_dispersy_crypto NoCrypto', '@0-1 start_session', `@${walkS} stop`],
    onProgress: watch.note,
  });
  const hourS = (watch.runningMs / 1000) * (HOUR_S / walkS);
  const maxS = (60 * instances) / 1000;
  return plainFigure(`an hour of ${instances} walking peers, NoCrypto, by ${walkS} s of it`, 's', hourS, maxS);
}

/** Takes the machine's time between GO and the end. */
class StageWatch {
  #goMs = 0;
  #endMs = 0;

  readonly note = (progress: RunProgress): void => {
    if (progress.type !== 'stage') return;
    if (progress.stage === 'running') this.#goMs = realClock.nowMs();
    if (progress.stage === 'stopping') this.#endMs = realClock.nowMs();
  };

  get runningMs(): number {
    return this.#endMs - this.#goMs;
  }
}
