import { existsSync } from 'node:fs';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { Comparison } from '../../src/report/compare/comparison.js';
import { BROWSER, openPage } from '../support/browser.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const test = anyTest as TestFn<{ readonly directory: string }>;

const MODULE = `
import { experimentCallback, ExperimentModule, float, staticModule } from 'gumby';

@staticModule
export class LevelModule extends ExperimentModule {
  @experimentCallback({ parameters: [float('level')] })
  measure(level: number): void {
    this.experiment.statistics.gauge('level', { unit: 'm' }).set(level * this.myId);
  }
}
`;

/** Of the runs that all tests share: a hook may not clean up after itself. */
const cleanUps: (() => Promise<void>)[] = [];
test.after.always(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

test.before(async (t) => {
  const shared = { teardown: (cleanUp: () => Promise<void>) => cleanUps.push(cleanUp) };
  const written = await writeExperiment(shared as unknown as ExecutionContext, {
    conf: 'instances = 3',
    module: MODULE,
    scenario: '&module test_module.LevelModule\n@0.5 measure $LEVEL\n@2 stop',
  });
  const { directory } = written;
  for (const [name, level] of Object.entries({ a1: 10, a2: 11, b1: 20, b2: 21 })) {
    const { exitCode, stdout } = await gumby(['run', written.conf, '--output', name, '--set', `level=${level}`], {
      cwd: directory,
    });
    t.is(exitCode, 0, stdout);
  }
  Object.assign(t.context, { directory });
});

test('runs of two kinds are compared, and a condition that is met fails it', async (t) => {
  const { directory } = t.context;
  const args = ['compare', 'old=a1', 'old=a2', 'new=b1', 'new=b2', '--no-page'];
  const { exitCode, stdout } = await gumby(args, { cwd: directory });
  t.is(exitCode, 0);
  t.regex(stdout, /^metric +unit +old +new +difference +%$/m);
  t.regex(stdout, /^level +m +21 ± 12\.71 +41 ± 12\.71 +\+20 ± 6\.085 \* +\+95\.2$/m);
  const failing = await gumby([...args, '--fail-on', 'level > +10%', '--fail-on', 'run.failures > 0'], {
    cwd: directory,
  });
  t.is(failing.exitCode, 1);
  t.is(
    failing.stderr,
    "FAILED level > +10%: new has +95.24 % (+20 ± 6.085 m): beyond the limit, and not by chance (Welch's t-test against the limit, 95 %)",
  );
  const passing = await gumby([...args, '--fail-on', 'level > 100'], { cwd: directory });
  t.is(passing.exitCode, 0);
  const { stdout: json } = await gumby([...args, '--json'], { cwd: directory });
  const level = (JSON.parse(json) as Comparison).metrics.find(({ name }) => name === 'level');
  t.deepEqual(
    level?.samples.map((sample) => sample?.values),
    [
      [20, 22],
      [40, 42],
    ],
  );
  t.false(existsSync(join(directory, 'comparison.html')));
});

test('what chance explains fails nothing; what nobody can tell from chance has an exit code of its own', async (t) => {
  const { directory } = t.context;
  const compare = (runs: readonly string[], ...more: readonly string[]) =>
    gumby(['compare', ...runs, '--no-page', '--fail-on', 'level > +10%', ...more], { cwd: directory });
  // A run of each level in both kinds: they differ by a tenth of what their runs differ by.
  const noisy = await compare(['old=a1', 'old=b1', 'new=a2', 'new=b2'], '--fail-on', 'level > -10');
  t.is(noisy.exitCode, 0);
  t.regex(
    noisy.stderr,
    /^NOT SIGNIFICANT level > -10: new has \+6\.667 % \(\+2 ± \d+[.\d]* m\): .*, 95 %\); about \d+ runs/,
  );
  t.false(noisy.stderr.includes('+10%'), 'what does not meet its condition needs no word');
  const single = await compare(['a1', 'b1']);
  t.is(single.exitCode, 5);
  t.regex(single.stderr, /^UNDECIDED level > \+10%: b1 has \+100 % \(\+20 m\): .*; make 3 runs of each kind at least$/);
  t.regex(single.stdout, /a kind of one run has no ±/);
  t.is((await compare(['a1', 'b1'], '--fail-on', 'level > 30')).exitCode, 1, 'a value needs no other run');
  t.is((await compare(['b1', 'a1'])).exitCode, 0);
  const { stdout } = await compare(['a1', 'b1'], '--json');
  t.like(JSON.parse(stdout), { conditions: [{ condition: 'level > +10%', label: 'b1', judgement: 'too-few-runs' }] });
});

test('what cannot be compared is said, and nothing written', async (t) => {
  const { directory } = t.context;
  for (const [args, message] of [
    [['a1'], /there is nothing to compare with/],
    [['x=a1', 'x=a2'], /there is nothing to compare with/],
    [['a1', 'nowhere'], /nowhere holds no output of a run/],
    [['a1', 'b1', '--fail-on', 'level > much'], /"level > much" is no condition/],
    [['a1', 'b1', '--no-page', '--fail-on', 'levels > 1'], /did you mean "level"\?/],
  ] as const) {
    const { exitCode, stderr } = await gumby(['compare', ...args], { cwd: directory });
    t.is(exitCode, 2, stderr);
    t.regex(stderr, message);
  }
});

(BROWSER === undefined ? test.skip : test)('the page has the table and the graphs of both', async (t) => {
  const { directory } = t.context;
  const page = join(await temporaryDirectory(t), 'compared.html');
  const { exitCode } = await gumby(['compare', 'a1', 'b1', '--page', page], { cwd: directory });
  t.is(exitCode, 0);
  const opened = await openPage(t, page);
  t.regex(await opened.page.locator('#result').innerText(), /^a1, b1 compared/);
  await opened.page.locator('#filter').fill('level');
  t.regex(await opened.page.locator('tr[data-metric="level"]').innerText(), /^level \(m\)\s+20\s+40\s+\+20\s+\+100$/);
  const graph = opened.page.locator('article[data-graph^="level"]');
  await graph.scrollIntoViewIfNeeded();
  await graph.locator('.chart[data-drawn]').waitFor();
  t.deepEqual(opened.complaints, []);
});
