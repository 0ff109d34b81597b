import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { realClock } from '../../src/runtime/clock.js';
import { describeReport } from '../../src/cli/views/describe-report.js';
import { writeReport } from '../../src/report/write-report.js';
import { runMetricsOf } from '../../src/report/compare/run-metrics.js';
import { ownIdentity } from '../../src/runtime/process-identity.js';
import { handMadeRun } from '../support/hand-made-run.js';

const GO_S = 1_800_000_000;

/** A run whose record says that it goes on, and whose newest file was written 7.5 s after GO. */
async function untoldRun(t: ExecutionContext, more: object) {
  const run = await handMadeRun(t, 10, 2);
  const record = {
    version: 1,
    experimentName: 'by hand',
    outcome: 'running',
    seed: '1',
    startedAt: new Date(GO_S * 1000 - 500).toISOString(),
    goAt: new Date(GO_S * 1000).toISOString(),
    ...more,
  };
  writeFileSync(join(run.directory, 'run.json'), JSON.stringify(record));
  run.log(1, 2, 'connections', { nr: 4 });
  run.log(2, 3, 'connections', { nr: 5 });
  run.append('process.csv', `time\n${GO_S + 7}`);
  run.append('addresses.json', JSON.stringify({ trackers: [], instances: [{ id: 1, host: 'h', port: 12_001 }] }));
  for (const [name, sinceGoS] of [
    ['1/statistics.log', 2],
    ['2/statistics.log', 7.5],
    ['process.csv', 7],
    ['resources.csv', 6],
    ['addresses.json', 1],
    ['run.json', 0],
  ] as const)
    utimesSync(join(run.directory, name), GO_S + sinceGoS, GO_S + sinceGoS);
  return run;
}

const own = ownIdentity();
const DEAD = { ...own, pid: 2 ** 22 - 1 };
const LAST = '2027-01-15T08:00:07.500Z';

for (const [name, process, outcome, ending] of [
  [
    'a run whose process is gone has died',
    DEAD,
    'died',
    `the run died: its process ${DEAD.pid} is gone, and did not say how it ended; it last wrote at ${LAST}, 7.5 s after GO`,
  ],
  [
    'a run whose process lives still goes on',
    own,
    'running',
    `the run still goes on, as process ${own.pid}: this is how far it has come; it last wrote at ${LAST}, 7.5 s after GO`,
  ],
  [
    'of a run on another machine nobody can tell',
    { ...own, place: 'elsewhere' },
    'unknown',
    `the run did not say how it ended: it still goes on, or it died; its process ${own.pid} is on another machine, or in another container; it last wrote at ${LAST}, 7.5 s after GO`,
  ],
  [
    'of a run that names no process nobody can tell',
    undefined,
    'unknown',
    `the run did not say how it ended: it still goes on, or it died; it last wrote at ${LAST}, 7.5 s after GO`,
  ],
] as const)
  test(`${name}: facts, terminal, summary and comparisons say so`, async (t) => {
    const run = await untoldRun(t, { process });
    const { run: facts } = run.report();
    t.like(facts, { outcome, ending, lastWroteAt: LAST });
    const written = await writeReport(run.directory, { extent: 'tables' }, { clock: realClock });
    const summary = JSON.parse(readFileSync(join(run.directory, 'summary.json'), 'utf8')) as typeof written.summary;
    t.like(summary.run, { outcome, ending, lastWroteAt: LAST });
    t.is(describeReport(run.directory, written)[0], `  run        ${ending}`);
    // What the report itself writes is no sign of life.
    t.is(run.report().run.lastWroteAt, LAST);
    // What only the end would have shown is absent, not zero.
    for (const key of ['durationS', 'commands', 'failureCount', 'experimentS', 'verdict'])
      t.false(key in summary.run, key);
    const metrics = runMetricsOf(summary).map((metric) => metric.name);
    t.false(metrics.includes('run.failures') || metrics.includes('run.events-failed'));
  });

test('what a run that died has measured is reported all the same, by instance', async (t) => {
  const run = await untoldRun(t, { process: DEAD });
  const { series, instances, notes } = run.report();
  const connections = series.find(({ name }) => name.includes('connections'));
  t.deepEqual(
    connections?.lines.map(({ name, values }) => [name, Array.from(values).findLast((value) => !Number.isNaN(value))]),
    [
      ['1', 4],
      ['2', 5],
    ],
  );
  t.deepEqual(
    instances.map(({ id, state, port, failures }) => ({ id, state, port, failures })),
    [
      { id: 1, state: undefined, port: 12_001, failures: undefined },
      { id: 2, state: undefined, port: undefined, failures: undefined },
    ],
  );
  t.false(notes.some((note) => note.includes('GO')));
});

test('a run that died before GO is told from one that died after it', async (t) => {
  const run = await untoldRun(t, { process: DEAD, goAt: undefined });
  const report = run.report();
  t.regex(report.run.ending ?? '', /; it last wrote at 2027-01-15T08:00:07\.500Z, before GO$/);
  t.true(report.notes.includes('the run never came to GO: times are since the start of its set-up'));
  const early = await untoldRun(t, { process: DEAD, goAt: new Date((GO_S + 30) * 1000).toISOString() });
  t.regex(early.report().run.ending ?? '', /, before GO$/);
});

test('links in the output are not followed on the way to the newest file', async (t) => {
  const run = await untoldRun(t, { process: DEAD });
  symlinkSync(run.directory, join(run.directory, '1/around'));
  mkdirSync(join(run.directory, 'graphs'));
  writeFileSync(join(run.directory, 'graphs/new'), '');
  t.is(run.report().run.lastWroteAt, LAST);
});

test('a record that was shortened on a full disk says so in the notes', async (t) => {
  const run = await untoldRun(t, {
    outcome: 'failed',
    shortened: 'the disk was full: so much is left out',
    instances: [],
  });
  t.true(run.report().notes.includes('the disk was full: so much is left out'));
  t.is(run.report().instances.length, 2);
});
