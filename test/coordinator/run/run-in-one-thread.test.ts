import { realTime } from '../../../src/coordinator/time/experiment-time.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { CreateHost } from '../../../src/coordinator/link/create-host.js';
import { conclude } from '../../../src/coordinator/run/conclude.js';
import { loadExperiment } from '../../../src/coordinator/run/load-experiment.js';
import { prepare } from '../../../src/coordinator/run/prepare.js';
import type { RunProgress } from '../../../src/coordinator/run/run-progress.js';
import { start } from '../../../src/coordinator/run/start.js';
import { stop } from '../../../src/coordinator/run/stop.js';
import { synchronise } from '../../../src/coordinator/run/synchronise.js';
import { untilOver } from '../../../src/coordinator/run/until-over.js';
import { SameThreadHost } from '../../../src/host/same-thread-host.js';
import { RealWorld } from '../../../src/host/real/real-world.js';
import { ThreadEnvironment } from '../../../src/host/thread-environment.js';
import { type Clock, type Clocks, realClock, realClocks } from '../../../src/runtime/clock.js';
import { type ExperimentFiles, writeExperiment } from '../../support/experiment-files.js';

/** Instances live in the test's own thread: nothing is built, and no worker is started. */
const createHostBy =
  (clocks: Clocks): CreateHost =>
  ({ host }, { onFault }) =>
    new SameThreadHost(host, {
      environment: new ThreadEnvironment(
        { ...host, world: new RealWorld({ ...host, clocks, ownsThread: false, capture: undefined }) },
        false,
      ),
      onFault,
    });

async function prepared(t: ExecutionContext, files: ExperimentFiles, clocks: Clocks = realClocks) {
  const { conf, directory, output } = await writeExperiment(t, files);
  const machine = { clock: realClock, isPortFree: async () => true };
  const { experiment, diagnostics, dispose } = await loadExperiment({ confFile: conf, projectDir: directory }, machine);
  t.teardown(dispose);
  if (experiment === undefined) throw new Error(JSON.stringify(diagnostics));
  const progress: RunProgress[] = [];
  const onProgress = (each: RunProgress) => void progress.push(each);
  const run = prepare(
    experiment,
    { onProgress },
    { machine: clocks.machine, time: realTime(clocks.experiment), createHost: createHostBy(clocks) },
  );
  t.teardown(() => run.output.release());
  return { run, output, stages: () => progress.flatMap((each) => (each.type === 'stage' ? [each.stage] : [])) };
}

const CONF = 'instances = 3\nsync_experiment_start_delay = 0';

test('the stages of a run, one after the other, with all instances in this thread', async (t) => {
  const { run, output, stages } = await prepared(t, {
    conf: CONF,
    scenario: '@0 echo alive\n@0.1 echo two {2}\n@0.2 stop',
  });
  const started = await start(run);
  t.deepEqual(
    started.instances.map(({ state }) => state),
    ['waiting', 'waiting', 'waiting'],
  );
  await synchronise(run, started);
  t.deepEqual(
    started.instances.map(({ state }) => state),
    ['running', 'running', 'running'],
  );
  t.is(run.state.instances.length, 3);
  await untilOver(run, started);
  await stop(run);
  const result = await conclude(run);
  t.like(result, { outcome: 'succeeded', exitCode: 0, commands: { total: 7, done: 7, failed: 0, unfinished: 0 } });
  t.deepEqual(stages(), ['set-up', 'starting', 'synchronising', 'running', 'stopping', 'post-processing', 'finished']);
  t.is(await readFile(join(output, '00002.out'), 'utf8'), '2 ECHO alive\n2 ECHO two\n');
  t.like(JSON.parse(await readFile(join(output, 'run.json'), 'utf8')), { outcome: 'succeeded', goAt: result.goAt });
});

test('what was started is stopped in reverse, all of it, and what fails in that is a failure of the run', async (t) => {
  const { run } = await prepared(t, { conf: CONF, scenario: '@0 stop' });
  const stopped: string[] = [];
  const part = (name: string) => ({
    stop: () => {
      stopped.push(name);
      if (name === 'second') throw new Error('the second does not stop');
    },
  });
  run.parts.push(part('first'), part('second'), part('third'));
  await stop(run);
  t.deepEqual(stopped, ['third', 'second', 'first']);
  t.like(await conclude(run), { outcome: 'failed', failures: [{ message: 'the second does not stop' }] });
});

test('a run that is stopped between its stages leaves nothing behind, and says how far it came', async (t) => {
  const { run, stages } = await prepared(t, { conf: CONF, scenario: '@0 echo alive\n@60 stop' });
  const started = await start(run);
  await synchronise(run, started);
  await stop(run);
  t.deepEqual(
    started.instances.map(({ state }) => state),
    ['stopped', 'stopped', 'stopped'],
  );
  const { commands, instances } = await conclude(run);
  t.is(commands.total, 6);
  t.deepEqual(
    instances.map(({ state }) => state),
    ['stopped', 'stopped', 'stopped'],
  );
  t.is(stages().at(-1), 'finished');
});

/**
 * An experiment's time that goes sixty times as fast as the machine's, and that is in the year 2001. It is days ahead, so that whoever
 * takes the one for the other waits for ever, or not at all.
 */
function fastClocks(): Clocks {
  const SPEED = 60;
  const startMs = realClock.nowMs();
  const nowMs = () => startMs + 1e9 + SPEED * (realClock.nowMs() - startMs);
  const experiment: Clock = {
    earlyMs: SPEED * realClock.earlyMs,
    nowMs,
    wallMs: () => Date.UTC(2001, 0, 1) + nowMs() - startMs - 1e9,
    schedule: (delayMs, callback, options) => realClock.schedule(delayMs / SPEED, callback, options),
    scheduleTurn: (callback) => realClock.scheduleTurn(callback),
  };
  return { machine: realClock, experiment };
}

const unixTimesOf = (text: string) =>
  text.split('\n').flatMap((line) => /^\d{9,}(\.\d+)?/.exec(line)?.map(Number)[0] ?? []);

test('the experiment goes by its own clock, and what watches over it by the machine’s', async (t) => {
  const { run, output } = await prepared(
    t,
    {
      conf: `${CONF}\nmonitor_interval = 0.1\nexperiment_time = 600`,
      scenario: '@0 annotate begin\n@20 annotate end\n@30 stop',
    },
    fastClocks(),
  );
  const machineStartS = realClock.wallMs() / 1000;
  const started = await start(run);
  await synchronise(run, started);
  await untilOver(run, started);
  await stop(run);
  const result = await conclude(run);
  t.is(result.outcome, 'succeeded');
  // Thirty seconds of the experiment, which are half a second of the machine's.
  t.true((result.experimentMs ?? 0) >= 30_000, String(result.experimentMs));
  t.true(result.durationMs >= 500 && result.durationMs < 30_000, String(result.durationMs));
  t.true((result.startUpMs ?? 0) < result.durationMs, String(result.startUpMs));
  t.regex(result.goAt ?? '', /^2001-01-01T/);
  t.true(Date.parse(result.startedAt) / 1000 >= machineStartS - 60);
  const statistics = await readFile(join(output, '2', 'statistics.log'), 'utf8');
  const [begin = 0, end = 0] = unixTimesOf(statistics);
  t.is(new Date(1000 * begin).getUTCFullYear(), 2001);
  // A second of the experiment is 17 ms here: what is late looks very late.
  t.true(end - begin >= 15 && end - begin < 1000, statistics);
  const annotations = await readFile(join(output, '2', 'annotations.csv'), 'utf8');
  const [, endS = 0] = annotations.split('\n').map(Number.parseFloat);
  t.true(endS >= 19 && endS < 1000, annotations);
  // What is before GO is not judged: the monitor knows when that was, on its own clock.
  t.not(result.verdict, undefined);
  const resources = unixTimesOf(await readFile(join(output, 'resources.csv'), 'utf8'));
  t.true(resources.length > 0);
  t.true(resources.every((timeS) => timeS >= machineStartS - 60 && timeS <= realClock.wallMs() / 1000 + 60));
});

test('the time limit is of the experiment’s time', async (t) => {
  const files = { conf: `${CONF}\nexperiment_time = 120`, scenario: '@0 echo alive\n@100000 stop' };
  const { run } = await prepared(t, files, fastClocks());
  const started = await start(run);
  await synchronise(run, started);
  const error = await t.throwsAsync(untilOver(run, started));
  t.like(error, { code: 'TIME_LIMIT_REACHED' });
  run.state.thrown = error;
  await stop(run);
  const { experimentMs = 0, durationMs } = await conclude(run);
  t.true(experimentMs >= 120_000 && durationMs < 60_000, `${experimentMs} and ${durationMs}`);
});
