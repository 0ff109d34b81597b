import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { JsonValue } from '../../src/runtime/json-value.js';
import { NO_STYLES, readStyles } from '../../src/report/graphs/graph-styles.js';
import { writeGraphs } from '../../src/report/graphs/write-graphs.js';
import { shortened } from '../../src/report/naming/shortened.js';
import { NO_SERIES, MESSAGE_SERIES } from '../../src/report/read/statistics-sources.js';
import type { ReportData } from '../../src/report/report-data.js';
import { summaryOf } from '../../src/report/summary.js';
import { writeTables } from '../../src/report/write-tables.js';
import { METRIC_KEYS } from '../../src/output/metric-entries.js';
import { handMadeRun, valuesOf } from '../support/hand-made-run.js';
import { writeFile } from 'node:fs/promises';
import { realClock } from '../../src/runtime/clock.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What every object has, what leads elsewhere, and what files and pictures cannot hold. */
const HOSTILE = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'valueOf',
  '../../escaped',
  '/etc/escaped',
  '..',
  '.',
  '~',
  'a/../../b',
  'nul\u0000byte',
  'escape\u001b[31m',
  'lone\ud800surrogate',
  '<script>&"\'',
  'x'.repeat(10_000),
  'ж'.repeat(10_000),
  'ключ',
  '鍵',
  '🗝️',
  'messages-received',
  'con',
  'a b,c"d',
];

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string(), fc.string({ unit: 'binary' }));

/** As it stands in a line of the log: without what ends a key or a line. */
const key = text
  .map((each) => Buffer.from(each.replaceAll(/[\s]/gu, '_')).toString())
  .filter(
    (each) =>
      each !== '' &&
      ![...Object.values(METRIC_KEYS), ...NO_SERIES, ...MESSAGE_SERIES.keys(), 'statistics'].includes(each),
  );

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' });
}

/** Of each series of the experiment, by what it says that it is. */
function titles({ series }: ReportData): readonly string[] {
  return series.filter(({ group }) => group === 'Experiment').map(({ title }) => title);
}

test('whatever a key or a field of the log is called, it is one series with its own values and its own file', async (t) => {
  const logged = fc.dictionary(key, fc.dictionary(text, fc.nat(1e6), { maxKeys: 4, noNullPrototype: false }), {
    maxKeys: 6,
  });
  await fc.assert(
    fc.asyncProperty(logged, async (byKey) => {
      const run = await handMadeRun(t, 3);
      const expected = new Map<string, number>();
      for (const [name, fields] of Object.entries(byKey)) {
        const wellFormed = new Map(Object.entries(fields).map(([field, value]) => [toWellFormed(field), value]));
        run.log(1, 1, name, Object.fromEntries(wellFormed));
        for (const [field, value] of wellFormed) expected.set(JSON.stringify([name, field]), value);
      }
      const data = run.report();
      t.deepEqual(
        data.notes.filter((note) => note.includes('damaged')),
        [],
      );
      const found = data.series.filter(({ group }) => group === 'Experiment');
      t.is(found.length, expected.size);
      const shown = (entries: readonly (readonly [title: string, value: number | undefined])[]) =>
        entries.map((each) => JSON.stringify(each)).sort();
      t.deepEqual(
        shown(found.map((series) => [series.title, valuesOf(series)[1]])),
        shown([...expected].map(([of, value]) => [(JSON.parse(of) as string[]).map(shortened).join(': '), value])),
      );
      const directory = join(run.directory, 'data');
      const before = filesIn(join(run.directory, '..'));
      writeTables(directory, data);
      for (const { name } of found) t.regex(name, /^[a-z0-9-]{1,200}$/);
      const after = filesIn(join(run.directory, '..')).filter((file) => !before.includes(file));
      t.is(after.length, 1 + 3 + 2 * data.series.length, 'a directory, three tables, and two of each series');
      t.true(after.every((file) => !relative(directory, join(run.directory, '..', file)).startsWith('..')));
      t.is(Object.keys(summaryOf(data).series).length, data.series.length);
    }),
    { numRuns: 60 },
  );
});

test('whatever metrics, events, messages, reasons, classes and types are called, nothing mixes or breaks', async (t) => {
  const run = await handMadeRun(t, 5, 2);
  for (const [at, name] of HOSTILE.map(toWellFormed).entries()) {
    run.log(1, 0.5, 'metric', { name, kind: 'gauge', unit: name, description: name });
    run.metrics(1, 1, { [name]: at });
    run.log(1, 0.5, 'metric', { name: `${name}!`, kind: 'histogram', unit: '', description: '' });
    run.log(1, 1, 'metrics', { [`${name}!`]: { count: 1, p50: at, p95: at, p99: at, max: at } });
    run.log(1, 2, 'distribution', { name: `${name}!`, count: 1, values: [at] });
    run.log(1, 1, 'event', { name, detail: { [name]: name } as JsonValue });
    run.log(1, 2, 'statistics-successful-messages', { [name]: at + 1 });
    run.log(1, 2, 'statistics-dropped-messages', { [name]: at + 1 });
    const values = { classification: name, nr_walked: at, sync_bloom_new: at };
    run.log(1, 2, 'statistics', { communities: { [name]: values } });
    for (const id of [1, 2]) run.log(id, 3, 'neighbours', { [name]: ['127.0.0.1:12001', '127.0.0.1:12002'] });
    run.log(2, 1, 'peertype', name);
  }
  const data = run.report();
  t.deepEqual(
    data.notes.filter((note) => note.includes('damaged')),
    [],
  );
  const line = (series: string, name: string) =>
    data.series.find((each) => each.name === series)?.lines.find((each) => each.name === name);
  for (const [at, name] of HOSTILE.map(toWellFormed).entries()) {
    const gauge = data.series.find(({ title, unit }) => title === shortened(name) && unit === name);
    t.is(valuesOf(gauge)[1], at, name);
    t.is(line('messages-received', name)?.total, at + 1, name);
    t.is(line('messages-dropped', name)?.total, at + 1, name);
    t.is(line('event-counts', name)?.values[2], 1, name);
    t.true(titles(data).includes(`${shortened(`${name}!`)}: maximum of each second`), name);
  }
  t.is(data.overlays.length, HOSTILE.length);
  const names = [...data.series, ...data.distributions, ...data.overlays].map(({ name }) => name.toLowerCase());
  t.is(new Set(names).size, names.length);
  const before = filesIn(join(run.directory, '..'));
  writeTables(join(run.directory, 'data'), data);
  // Pictures take long: those of what holds all the names, and of one with the worst title.
  const drawn = {
    ...data,
    series: data.series.filter(
      ({ name, title }) => ['messages-received', 'event-counts'].includes(name) || title.includes('\u0000'),
    ),
    distributions: data.distributions.slice(0, 1),
    overlays: data.overlays.slice(0, 6),
  };
  const { count, notes } = await writeGraphs(
    drawn,
    {
      directory: join(run.directory, 'graphs'),
      formats: ['svg', 'png'],
      styles: NO_STYLES,
      ownGraphs: [],
    },
    { clock: realClock },
  );
  t.deepEqual(notes, []);
  t.true(count >= drawn.series.length + 19, String(count));
  const after = filesIn(join(run.directory, '..')).filter((file) => !before.includes(file));
  t.true(
    after.every((file) => /^output\/(data|graphs)(\/|$)/.test(file)),
    String(after),
  );
  t.is(readFileSync(join(run.directory, 'graphs/messages-received.svg'), 'utf8').includes('\u0000'), false);
  t.true(statSync(join(run.directory, 'graphs/messages-received.png')).size > 10_000);
  t.false(existsSync('/etc/escaped.csv'));
});

test('styles of graphs may have any name, and change nothing that is not theirs', async (t) => {
  const file = join(await temporaryDirectory(t), 'graphs.json');
  await writeFile(file, '{ "__proto__": { "title": { "text": "x" } }, "cpu": { "__proto__": { "polluted": true } } }');
  const styles = readStyles(file);
  for (const name of ['constructor', 'toString', 'hasOwnProperty']) t.is(styles.of(name), undefined, name);
  t.deepEqual([...styles.names].sort(), ['__proto__', 'cpu']);
  t.is(({} as { polluted?: boolean }).polluted, undefined);
});

/** Without halves of characters, which no file can hold. */
function toWellFormed(given: string): string {
  return Buffer.from(given).toString();
}
