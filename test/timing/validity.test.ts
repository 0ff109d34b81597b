import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

/** It is late by itself, and not because a machine has too few cores for it: a large machine must call it late, too. */
const BUSY_MODULE = `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class BusyModule extends ExperimentModule {
  /** Works without a break, 1.5 s at a time, while the timer of its next step is due after 10 ms. */
  @experimentCallback
  work(): void {
    const step = () => {
      this.experiment.clock.schedule(10, step, { weak: true });
      const end = performance.now() + 1500;
      while (performance.now() < end);
    };
    step();
  }
}
`;

test.serial('fifty idle instances are a valid run', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: 'instances = 50',
    scenario: '@1 annotate one\n@5 annotate five\n@6 stop',
  });
  const { exitCode, stdout, stderr } = await gumby(['run', conf, '--json', '--require-valid'], { cwd: directory });
  const { verdict } = JSON.parse(stdout) as RunResult;
  t.deepEqual(verdict, { validity: 'VALID', broken: [], unwatched: verdict?.unwatched ?? [], hints: [] }, stderr);
  t.is(exitCode, 0);
});

test.serial(
  'an overloaded run is invalid, says since when and where, and fails when it is required to be valid',
  async (t) => {
    const { conf, directory, output } = await writeExperiment(t, {
      conf: 'instances = 4\nmonitor_interval = 0.5',
      module: BUSY_MODULE,
      scenario: '&module test_module.BusyModule\n@1 work\n@7 stop',
    });
    const { exitCode, stdout } = await gumby(['run', conf, '--require-valid'], { cwd: directory });
    t.is(exitCode, 4, stdout);
    t.regex(stdout, /^ {2}validity {3}INVALID$/m);
    const { verdict, outcome } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
    t.is(outcome, 'succeeded');
    t.is(verdict?.validity, 'INVALID');
    const lateness = verdict?.broken.find(({ name }) => name === 'timer_lateness');
    t.is(lateness?.validity, 'INVALID');
    t.true((lateness?.worst ?? 0) > 1000);
    t.true((lateness?.firstS ?? 0) >= 1);
    t.true((lateness?.instance ?? 0) >= 1 && (lateness?.instance ?? 99) <= 4);
    t.deepEqual(
      lateness?.seconds,
      [...(lateness?.seconds ?? [])].sort((one, other) => one - other),
    );
    // Without being required to be valid, the run went well.
    const rows = (await readFile(join(output, 'resources.csv'), 'utf8')).trimEnd().split('\n');
    t.regex(rows[0] ?? '', /^time,instance,user_s,system_s,/);
    t.true(rows.length > 4 * 4);
  },
);

test.serial('limits are set in the configuration', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: 'instances = 2\nlimit_event_lateness = none, none\nlimit_loop_delay = 0, 0\nlimit_timer_lateness = 0, none\nlimit_cpu = 0, 0',
    scenario: '@1 annotate one\n@7 stop',
  });
  const { exitCode, stdout } = await gumby(['run', conf, '--json'], { cwd: directory });
  t.is(exitCode, 0, 'validity is no failure unless it is required');
  const { verdict } = JSON.parse(stdout) as RunResult;
  const broken = Object.fromEntries((verdict?.broken ?? []).map(({ name, validity }) => [name, validity]));
  t.deepEqual(broken, { cpu: 'INVALID', timer_lateness: 'DEGRADED', loop_delay: 'INVALID' });
});
