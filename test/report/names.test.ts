import test from 'ava';
import { runMetricsOf } from '../../src/report/compare/run-metrics.js';
import { keyFiguresOf } from '../../src/report/key-figures.js';
import { experimentName } from '../../src/report/naming/experiment-name.js';
import { isOurs } from '../../src/report/naming/our-names.js';
import { ReportNames } from '../../src/report/naming/report-names.js';
import { ourName, type WantedName } from '../../src/report/naming/wanted-name.js';
import type { ReportData } from '../../src/report/report-data.js';
import { summaryOf } from '../../src/report/summary.js';
import { handMadeRun, type HandMadeRun, valuesOf } from '../support/hand-made-run.js';

function defineGauge(run: HandMadeRun, name: string, value: number): void {
  run.log(1, 0, 'metric', { name, kind: 'gauge', unit: 'of mine', description: '' });
  run.metrics(1, 1, { [name]: value });
}

function lineOf({ series }: ReportData, name: string, line = '1'): readonly number[] {
  return valuesOf(
    series.find((each) => each.name === name),
    line,
  );
}

/** Everything that a run of the overlay stack has, with three dozen names of ours. */
function writeOurs(run: HandMadeRun): void {
  const columns = ['user_s', 'system_s', 'voluntary_switches', 'involuntary_switches', 'heap_bytes', 'external_bytes'];
  const more = ['loop_utilization', 'timer_lateness_ms', 'datagrams_up', 'datagrams_down', 'bytes_up', 'bytes_down'];
  for (const timeS of [0, 1, 2])
    run.resources(
      1,
      timeS,
      Object.fromEntries([...columns, ...more, 'send_errors', 'receive_drops'].map((column) => [column, timeS])),
    );
  run.append(
    'process.csv',
    'time,user_s,system_s,rss_bytes,file_descriptors,threads,read_bytes,write_bytes,datagrams_up,datagrams_down',
  );
  run.append('commands.csv', 'time,command,processes,user_s,system_s,rss_bytes,read_bytes,write_bytes');
  for (const timeS of [0, 1]) {
    run.append('process.csv', `${1_800_000_000 + timeS},1,1,1,1,1,1,1,1,1`);
    run.append('commands.csv', `${1_800_000_000 + timeS},00001,1,1,1,1,1,1`);
  }
  const community = { classification: 'TestCommunity', nr_candidates: 1, nr_walked: 1, nr_stumbled: 1, nr_intro: 1 };
  const filters = { sync_bloom_new: 1, sync_bloom_reuse: 1, sync_bloom_skip: 1 };
  for (const id of [1, 2]) {
    run.log(id, 1, 'statistics', { communities: { abc: { ...community, ...filters } } });
    run.log(id, 2, 'neighbours', { TestCommunity: ['127.0.0.1:12001'] });
  }
  for (const what of ['successful', 'outgoing', 'created', 'delayed', 'dropped'])
    run.log(1, 1, `statistics-${what}-messages`, { ping: 5 });
  run.log(1, 0, 'online', true);
  run.log(1, 1, 'event', { name: 'found' });
  run.log(1, 0, 'metric', { name: 'dispersy:response-time', kind: 'histogram', unit: 'ms', description: '' });
  run.log(1, 1, 'metrics', { 'dispersy:response-time': { count: 1, p50: 3, p95: 3, p99: 3, max: 3 } });
  run.log(1, 2, 'distribution', { name: 'dispersy:response-time', count: 1, values: [3] });
}

function namesOf({ series, distributions, overlays }: ReportData): readonly string[] {
  return [
    ...series.map(({ name }) => name),
    ...distributions.map(({ name }) => name),
    ...overlays.flatMap(({ name }) => [name, `${name}-in-degree`, `${name}-out-degree`]),
  ];
}

test('every name of ours is kept from experiments', async (t) => {
  const run = await handMadeRun(t, 3, 2);
  writeOurs(run);
  const names = namesOf(run.report());
  t.true(names.length > 40, String(names.length));
  for (const name of names) t.true(isOurs(name), name);
  for (const name of ['event-lateness', 'all-timers-lateness']) t.true(isOurs(name), name);
  for (const name of ['pings', 'pings-sent', 'counted-total', 'level', 'candidates', 'answer-time-p50'])
    t.false(isOurs(name), name);
});

test('a metric that is called as one of ours is another one, in tables, summary and comparisons', async (t) => {
  const alone = await handMadeRun(t, 3, 2);
  writeOurs(alone);
  const mixed = await handMadeRun(t, 3, 2);
  writeOurs(mixed);
  const taken = namesOf(alone.report());
  for (const [at, name] of taken.entries()) {
    defineGauge(mixed, name, at);
    // A key that a module of the library has is its own; with a field it is another one.
    mixed.log(1, 1, name, name === 'online' ? { '': 1000 + at } : 1000 + at);
  }
  const [before, after] = [alone.report(), mixed.report()];
  // Nothing of ours has changed.
  for (const series of before.series)
    t.deepEqual(
      after.series.find(({ name }) => name === series.name),
      series,
      series.name,
    );
  t.deepEqual(after.instances[0]?.values, before.instances[0]?.values);
  t.deepEqual(keyFiguresOf(after), keyFiguresOf(before));
  // And everything of theirs is there, once.
  t.is(after.series.length, before.series.length + 2 * taken.length);
  for (const [at, name] of taken.entries()) {
    const titles = [name, `${name}: `];
    const theirs = after.series.filter(({ title, group }) => titles.includes(title) && group === 'Experiment');
    t.deepEqual(
      theirs.map((series) => valuesOf(series)[1]).sort((one = 0, other = 0) => one - other),
      [at, 1000 + at],
      name,
    );
    t.true(
      theirs.every((series) => series.name.startsWith('experiment-') || series.name.startsWith('online-unnamed-')),
      name,
    );
  }
  const names = namesOf(after);
  t.is(new Set(names).size, names.length);
  const metrics = runMetricsOf(summaryOf(after)).map(({ name }) => name);
  t.is(new Set(metrics).size, metrics.length);
});

test('without the overlay stack its names are still ours: no graph is invented, and names do not depend on the run', async (t) => {
  const run = await handMadeRun(t, 3);
  defineGauge(run, 'messages-received', 7);
  defineGauge(run, 'messages-sent', 9);
  const { series } = run.report();
  t.deepEqual(
    series.map(({ name, unit }) => [name, unit]),
    [
      ['experiment-messages-received', 'of mine'],
      ['experiment-messages-sent', 'of mine'],
    ],
  );
});

test('names of the experiment that would be one file are told apart, the same way in every run', async (t) => {
  const raw = ['known-peers', 'knownPeers', 'known_peers', 'KNOWN-PEERS', 'x-p50'];
  const namesIn = async (order: readonly string[]) => {
    const run = await handMadeRun(t, 3);
    for (const name of order) defineGauge(run, name, raw.indexOf(name));
    run.log(1, 0, 'metric', { name: 'x', kind: 'histogram', unit: '', description: '' });
    run.log(1, 1, 'metrics', { x: { count: 1, p50: 77, p95: 78, p99: 79, max: 79 } });
    run.log(1, 1, 'known', { peers: 55 });
    const { series } = run.report();
    const entries = series.map((each) => [valuesOf(each)[1] ?? 0, each.name] as const);
    return new Map(entries.sort(([one], [other]) => one - other));
  };
  const names = await namesIn(raw);
  t.is(new Set(names.values()).size, 9);
  t.is(names.get(0), 'known-peers', 'the one that is called so');
  for (const value of [1, 2, 3, 55]) t.regex(names.get(value) ?? '', /^known-peers-[0-9a-f]{8}$/);
  t.is(names.get(4), 'x-p50');
  t.regex(names.get(77) ?? '', /^x-p50-[0-9a-f]{8}$/);
  t.deepEqual(await namesIn(raw.toReversed()), names);
});

test('one name for two kinds of metric is two series', async (t) => {
  const run = await handMadeRun(t, 3, 2);
  run.log(1, 0, 'metric', { name: 'x', kind: 'counter', unit: '', description: '' });
  run.metrics(1, 1, { x: 5 });
  run.log(2, 0, 'metric', { name: 'x', kind: 'gauge', unit: '', description: '' });
  run.metrics(2, 1, { x: 50 });
  const data = run.report();
  t.is(data.series.length, 2);
  t.deepEqual(lineOf(data, 'x'), [5, Number.NaN, Number.NaN]);
});

test('a name with a hash does not take the name of another', (t) => {
  const names = new ReportNames();
  const [first, second]: readonly [WantedName, WantedName] = [
    experimentName('log', 'a_b'),
    experimentName('log', 'a-b'),
  ];
  const other = new ReportNames();
  for (const name of [first, second]) other.want(name);
  const third = experimentName('log', other.of(first));
  for (const name of [first, second, third, ourName('cpu')]) names.want(name);
  const chosen = [first, second, third].map((name) => names.of(name));
  t.is(new Set(chosen).size, 3);
  t.is(chosen[1], 'a-b');
  t.is(chosen[2], other.of(first));
  t.throws(() => names.want(experimentName('log', 'later')));
});
