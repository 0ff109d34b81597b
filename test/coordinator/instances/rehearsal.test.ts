import test, { type ExecutionContext } from 'ava';
import { rehearse } from '../../../src/coordinator/instances/rehearsal.js';
import { loadExperiment } from '../../../src/coordinator/run/load-experiment.js';
import type { RunContext } from '../../../src/coordinator/run/run-context.js';
import type { RunProgress } from '../../../src/coordinator/run/run-progress.js';
import { type Clock, realClock, realClocks } from '../../../src/runtime/clock.js';
import { writeExperiment } from '../../support/experiment-files.js';

const MODULE = '&module gumby.modules.dispersy_module.DispersyModule\n@1 stop';

async function rehearsed(t: ExecutionContext, conf: string, scenario: string, machine: Clock = realClock) {
  const written = await writeExperiment(t, { conf, scenario });
  const { experiment, dispose } = await loadExperiment(
    { confFile: written.conf, projectDir: written.directory },
    { clock: realClock, isPortFree: async () => true },
  );
  t.teardown(dispose);
  if (experiment === undefined) throw new Error('the experiment did not load');
  const told: RunProgress[] = [];
  const onProgress = (progress: RunProgress) => void told.push(progress);
  const context = { experiment, clocks: { ...realClocks, machine }, onProgress } as Partial<RunContext> as RunContext;
  const cache = await rehearse(context);
  return { cache, described: experiment.modules.libraryCache, told };
}

test('many threads load the library from a code cache that holds what instances do', async (t) => {
  const { cache, described, told } = await rehearsed(t, 'instances = 32', MODULE);
  t.deepEqual(told, []);
  if (cache === undefined || described === undefined) return t.fail('there is no cache');
  // Describing modules compiles little of what instances do.
  t.true(cache.byteLength > 1.5 * described.byteLength, `${cache.byteLength} against ${described.byteLength}`);
  return undefined;
});

test('the threads of a scenario without modules load the library from a code cache as well', async (t) => {
  const { cache, described, told } = await rehearsed(t, 'instances = 32', '@0 echo alive\n@1 stop');
  t.deepEqual(told, []);
  t.is(described, undefined);
  t.true((cache?.byteLength ?? 0) > 0);
});

for (const [what, conf] of [
  ['few threads', 'instances = 31'],
  ['many instances in few threads', 'instances = 32\ninstances_per_worker = 2'],
] as const)
  test(`nothing is rehearsed for ${what}`, async (t) => {
    const { cache, told } = await rehearsed(t, conf, MODULE);
    t.is(cache, undefined);
    t.deepEqual(told, []);
  });

test('a rehearsal that takes too long is told, and the run goes on without it', async (t) => {
  const hasty: Clock = { ...realClock, schedule: (_delayMs, callback) => realClock.schedule(0, callback) };
  const { cache, told } = await rehearsed(t, 'instances = 32', MODULE, hasty);
  t.is(cache, undefined);
  t.is(told.length, 1);
  const [note] = told;
  if (note?.type !== 'note') return t.fail(JSON.stringify(note));
  t.regex(note.message, /^instances start more slowly: the rehearsal .*preparing the code of the library/);
  return undefined;
});
