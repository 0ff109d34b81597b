import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { Locator, Page } from 'playwright-core';
import { THREAD_TABLE } from '../../src/output/tables/thread-table.js';
import { writeReport } from '../../src/report/write-report.js';
import { realClock } from '../../src/runtime/clock.js';
import { ownIdentity } from '../../src/runtime/process-identity.js';
import { BROWSER, openPage } from '../support/browser.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';
import { GO_S, handMadeRun } from '../support/hand-made-run.js';

const test = (BROWSER === undefined ? anyTest.skip : anyTest) as TestFn;

const MODULE = `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class ShownModule extends ExperimentModule {
  override onAllVarsReceived(): void {
    this.experiment.statisticsLog.write('peertype', this.myId % 2 === 0 ? 'even' : 'odd');
  }

  @experimentCallback
  measure(): void {
    this.experiment.statistics.gauge('level', { unit: 'm', description: 'How high it stands' }).set(this.myId);
    this.experiment.statistics.histogram('time', { unit: 'ms' }).record(this.myId);
    // Names that every object has, in graphs of lines and of bands.
    if (this.myId < 3) this.experiment.statistics.gauge('constructor').set(this.myId);
    for (const name of ['toString', '__proto__', 'hasOwnProperty']) this.experiment.statistics.event(name.replace(/^__/, 'x'));
    this.experiment.statisticsLog.write('__proto__', { ['__proto__']: this.myId, valueOf: 2 });
  }

  @experimentCallback
  fail(): void {
    throw new Error('<b>failed</b> on purpose');
  }

  @experimentCallback
  crash(): void {
    setImmediate(() => {
      throw new Error('crashed on purpose');
    });
  }
}
`;

async function reportOf(t: ExecutionContext, files: Readonly<Record<string, string>> = {}) {
  const written = await writeExperiment(t, {
    conf: 'instances = 30',
    module: MODULE,
    scenario: [
      '&module test_module.ShownModule',
      '@1 measure',
      '@1.5 annotate half-<i>time</i>',
      '@2 fail {7}',
      '@2 crash {9}',
      '@3 measure',
      '@4 stop',
    ].join('\n'),
    files,
  });
  const ran = await gumby(['run', written.conf], { cwd: written.directory, env: { GUMBY_REPORT: 'all' } });
  return { ...written, ...ran };
}

/** Every graph, each drawn as it comes into sight. */
async function drawAll(page: Page): Promise<number> {
  const charts = page.locator('.chart');
  const count = await charts.count();
  for (let at = 0; at < count; at++) {
    await charts.nth(at).scrollIntoViewIfNeeded();
    await charts.nth(at).and(page.locator('[data-drawn]')).waitFor();
  }
  return count;
}

test('a report says first what came of the run, and shows everything without a complaint', async (t) => {
  const { output, exitCode, stdout } = await reportOf(t);
  t.is(exitCode, 1);
  t.true(stdout.includes('output/report.html'));
  const { page, complaints } = await openPage(t, join(output, 'report.html'));
  const result = await page.locator('#result').innerText();
  t.regex(result, /^test\s+FAILED\s*(VALID|DEGRADED|INVALID)/);
  t.regex(result, /30\s+instances/);
  const failures = await page.locator('#failures').innerText();
  t.regex(failures, /2 failures/);
  // What a run says is text, whatever is in it.
  t.regex(failures, /instance 7, 2\S* s after GO: <b>failed<\/b> on purpose/);
  t.regex(failures, /instance 9.*crashed on purpose/);
  const names = (await readdir(join(output, 'graphs'))).filter((name) => name.endsWith('.svg'));
  t.is(await drawAll(page), names.length + 1, 'every graph on disk, and the time line');
  t.regex(await page.locator('#what-ran').innerText(), /seed\s+\d+[^]*version of gumby/);
  t.deepEqual(complaints, []);
});

test('of a run that was killed the page says so first, and shows what there is', async (t) => {
  const { output } = await reportOf(t);
  const record = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as Record<string, unknown>;
  const { version, experimentName, seed, startedAt, goAt, machine, versions, config } = record;
  const process = { ...ownIdentity(), pid: 2 ** 22 - 1 };
  const untold = { version, experimentName, seed, startedAt, goAt, machine, versions, config, process };
  await writeFile(join(output, 'run.json'), JSON.stringify({ ...untold, outcome: 'running' }));
  t.is((await gumby(['report', output])).exitCode, 0);
  const { page, complaints } = await openPage(t, join(output, 'report.html'));
  t.regex(await page.locator('#result').innerText(), /^test\s+DIED\s*not measured/);
  t.regex(
    await page.locator('#ending').innerText(),
    /^the run died: its process 4194303 is gone, and did not say how it ended; it last wrote at .*, [\d.]+ s after GO$/,
  );
  t.is(await page.locator('#instance-table tbody tr').count(), 30);
  t.true((await drawAll(page)) > 5);
  t.deepEqual(complaints, []);
});

/** Moves the pointer to three fifths of the graph's width, and some pixels further. */
async function pointAt(page: Page, graph: Locator, furtherPx: number): Promise<void> {
  const canvas = graph.locator('canvas').first();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('the graph has no place');
  await page.mouse.move(box.x + box.width * 0.6 + furtherPx, box.y + box.height * 0.4 + furtherPx);
}

test('graphs answer to the pointer, follow each other, and show the instances that are picked', async (t) => {
  const { output } = await reportOf(t);
  const { page, complaints } = await openPage(t, join(output, 'report.html'));
  const level = page.locator('article[data-graph^="level (m)"]');
  await level.scrollIntoViewIfNeeded();
  await level.locator('.chart[data-drawn]').waitFor();
  await pointAt(page, level, 0);
  const tooltip = level.locator('.chart > div').last();
  await tooltip.getByText('median').first().waitFor();
  t.regex(await tooltip.innerText(), /odd \(15\): max: 29 m[^]*even \(15\): max: 30 m/);

  await page.locator('#picked').fill('3, 5-6, 99, x');
  await page.locator('#picked').press('Enter');
  t.is(await page.locator('#picked').inputValue(), '3, 5, 6, 99');
  t.is(await page.locator('tr.picked').count(), 3);
  await pointAt(page, level, 4);
  await tooltip.getByText('instance 5: 5 m').waitFor();
  t.false((await tooltip.innerText()).includes('instance 9'));

  const other = page.locator('article[data-graph^="JavaScript heap"]');
  await other.scrollIntoViewIfNeeded();
  await other.locator('.chart[data-drawn]').waitFor();
  const picture = () =>
    other
      .locator('canvas')
      .first()
      .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
  const before = await picture();
  await pointAt(page, level, 0);
  await page.mouse.wheel(0, -600);
  await page.waitForTimeout(300);
  t.not(await picture(), before, 'a stretch of time that is chosen in one graph is chosen in all');
  t.deepEqual(complaints, []);
});

test('the table of instances is sorted, filtered, and opens their files', async (t) => {
  const { output } = await reportOf(t);
  const { page, complaints } = await openPage(t, join(output, 'report.html'));
  const firstCells = () => page.locator('#instance-table tbody tr td:first-child').allInnerTexts();
  t.deepEqual((await firstCells()).slice(0, 3), ['1', '2', '3']);
  await page.getByRole('button', { name: 'failures', exact: true }).click();
  await page.getByRole('button', { name: 'failures', exact: true }).click();
  t.deepEqual((await firstCells()).slice(0, 2).sort(), ['7', '9']);
  t.is(await page.locator('th[aria-sort=descending]').innerText(), 'failures');
  await page.locator('#filter').fill('failed');
  t.deepEqual(await firstCells(), ['9']);
  t.is(await page.locator('tr.failed').count(), 1);
  await page.locator('#filter').fill('even');
  t.is((await firstCells()).length, 15);
  const link = page.locator('tr[data-instance="8"] a', { hasText: 'statistics.log' });
  await link.click();
  await page.waitForURL(/8\/statistics\.log$/);
  t.is(
    await page
      .locator('body')
      .innerText()
      .then((text) => text.trim()),
    (await readFile(join(output, '8/statistics.log'), 'utf8')).trim(),
  );
  t.deepEqual(complaints, []);
});

test('the page of a packed run tells in which thread each instance lived, and in which one a limit broke', async (t) => {
  const run = await handMadeRun(t, 3, 4);
  run.append(THREAD_TABLE.file, THREAD_TABLE.columns.join(','));
  for (const timeS of [0, 1, 2, 3])
    for (const [thread, ids] of [
      [1, '1 2'],
      [2, '3 4'],
    ] as const) {
      const rest = ',1'.repeat(THREAD_TABLE.columns.length - 3);
      run.append(THREAD_TABLE.file, `${GO_S + timeS},${thread},${ids}${rest}`);
    }
  const broken = {
    name: 'gc_pause',
    validity: 'DEGRADED',
    limit: 200,
    worst: 300,
    unit: 'ms',
    firstS: 1,
    seconds: [1],
  };
  const thread = 'the thread of instances 3-4';
  // An outcome of some later version, which is called as something that every object has.
  run.change({
    outcome: 'constructor',
    verdict: { validity: 'DEGRADED', broken: [{ ...broken, thread }], unwatched: [], hints: [] },
  });
  await writeReport(run.directory, { extent: 'all' }, { clock: realClock });
  const { page, complaints } = await openPage(t, join(run.directory, 'report.html'));
  t.is(await page.locator('#result .badge').first().innerText(), 'constructor');
  t.true(
    (await page.locator('#broken-limits').innerText()).includes('first 1 s after GO in the thread of instances 3-4'),
  );
  const headings = await page.locator('#instance-table th').allInnerTexts();
  const column = headings.indexOf('thread');
  t.true(column > 0, headings.join());
  t.deepEqual(await page.locator(`#instance-table tbody td:nth-child(${column + 1})`).allInnerTexts(), [
    '1',
    '1',
    '2',
    '2',
  ]);
  await drawAll(page);
  t.deepEqual(complaints, []);
});
