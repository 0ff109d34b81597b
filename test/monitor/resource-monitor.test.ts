import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LIMITS } from '../../src/config/limits.js';
import type { MonitoredInstance } from '../../src/monitor/instance-monitor.js';
import { ResourceMonitor } from '../../src/monitor/resource-monitor.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { CommandLateness } from '../../src/statistics/command-lateness.js';
import { InstanceGauges } from '../../src/statistics/instance-gauges.js';
import { ThreadGauges } from '../../src/statistics/thread-gauges.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

function threadGauges(): ThreadGauges {
  const gauges = new ThreadGauges();
  gauges.set('threadId', 7);
  gauges.set('heapUsedBytes', 12_345);
  gauges.recordGc(3);
  return gauges;
}

async function monitor(
  t: ExecutionContext,
  procDir: string | undefined,
  gauges: readonly InstanceGauges[],
  shared = false,
) {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock();
  const failures: unknown[] = [];
  const instances = gauges.map((each, index) => ({
    ...{ id: index + 1, gauges: each, isUp: true, port: undefined, commandLateness: new CommandLateness() },
  }));
  const ids = instances.map(({ id }) => id);
  const threads = (shared ? [ids] : ids.map((id) => [id])).map((each) => ({
    ...{ name: `the thread of ${each.join()}`, ids: each, gauges: threadGauges(), isUp: true },
    ...{ takeLoopUtilization: () => 0.25, loopIdleMs: undefined, requestLook: () => {} },
  }));
  const init = { outputDir, intervalMs: 1000, limits: LIMITS, instances, threads, trackerGauges: [] };
  const made = new ResourceMonitor(
    { ...init, ...(procDir === undefined ? {} : { procDir }) },
    { clock, onFailure: (error) => failures.push(error) },
  );
  made.start();
  made.go(0);
  clock.advance(2000);
  made.stop();
  t.deepEqual(failures, []);
  const rows = async (name: string) => rowsOf(join(outputDir, name));
  return { rows, verdict: made.health.verdict() };
}

async function rowsOf(file: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [columns[at] ?? '', value])));
}

test('what a system without /proc does not tell is absent, and the verdict says what could not be watched', async (t) => {
  const gauges = new InstanceGauges();
  gauges.set('datagramsUp', 3);
  const { rows, verdict } = await monitor(t, '/nowhere', [gauges]);
  const [instance] = await rows('resources.csv');
  for (const column of ['user_s', 'system_s', 'voluntary_switches', 'receive_drops'])
    t.is(instance?.[column], '', column);
  t.is(instance?.['datagrams_up'], '3');
  const [process] = await rows('process.csv');
  for (const column of ['file_descriptors', 'threads', 'read_bytes', 'write_bytes'])
    t.is(process?.[column], '', column);
  t.true(Number(process?.['rss_bytes']) > 1e6 && Number(process?.['user_s']) > 0);
  t.is(process?.['datagrams_up'], '3');
  t.deepEqual(verdict?.unwatched, ['receive_drops: this system has no /proc/net/udp']);
});

test('a socket that got a smaller receive buffer than it asked for is a hint, once', async (t) => {
  const gauges = [1, 2].map(() => new InstanceGauges());
  for (const each of gauges) {
    each.set('receiveBufferBytes', 1000);
    each.set('wantedReceiveBufferBytes', 2000);
  }
  const { verdict } = await monitor(t, undefined, gauges);
  t.is(verdict?.hints.length, 1);
  t.regex(verdict?.hints[0] ?? '', /asked for a receive buffer of 2000 bytes and got 1000/);
  t.is(verdict?.validity, 'VALID');
});

test("what belongs to a thread stands in its instance's row, and in a table of threads where several share one", async (t) => {
  const gauges = [1, 2].map(() => new InstanceGauges());
  const own = await monitor(t, '/nowhere', gauges);
  const [instance] = await own.rows('resources.csv');
  t.like(instance, { heap_bytes: '12345', gc_s: '0.003', loop_utilization: '0.25', loop_silence_ms: '0' });
  await t.throwsAsync(own.rows('threads.csv'), { code: 'ENOENT' });

  const shared = await monitor(t, '/nowhere', gauges, true);
  const rows = await shared.rows('resources.csv');
  t.deepEqual(
    rows.slice(0, 2).map((row) => [row['instance'], row['heap_bytes'], row['gc_s'], row['datagrams_up']]),
    [
      ['1', '', '', '0'],
      ['2', '', '', '0'],
    ],
  );
  const [thread] = await shared.rows('threads.csv');
  t.like(thread, { thread: '1', instances: '1-2', heap_bytes: '12345', gc_s: '0.003', loop_utilization: '0.25' });
});

/** A monitor of one instance that looks every five seconds. */
async function seldomMonitor(t: ExecutionContext, gauges: InstanceGauges) {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock();
  const instance: { -readonly [Name in keyof MonitoredInstance]: MonitoredInstance[Name] } = {
    ...{ id: 1, gauges, isUp: true, port: undefined, commandLateness: new CommandLateness() },
  };
  const init = { outputDir, intervalMs: 5000, limits: LIMITS, instances: [instance], threads: [], procDir: '/nowhere' };
  const made = new ResourceMonitor(init, { clock, onFailure: (error) => t.fail(String(error)) });
  const rows = async () => rowsOf(join(outputDir, 'resources.csv'));
  const times = async () =>
    (await rows()).map((row) => Math.round(1000 * Number(row['time']) - clock.wallMs() + clock.nowMs()));
  return { monitor: made, clock, times, instance, rows };
}

test('a look at GO tells what was before it from what comes after, however seldom the others are', async (t) => {
  const { monitor: seldom, clock, times } = await seldomMonitor(t, new InstanceGauges());
  seldom.go(0);
  seldom.start();
  clock.advance(700);
  seldom.go(1200);
  clock.advance(10_000);
  seldom.stop();
  t.deepEqual(await times(), [700, 5000, 10_000, 10_700]);
});

test('what an instance did between the last look and its end is in a row of its own, once, and judged by nobody', async (t) => {
  const gauges = new InstanceGauges();
  const { monitor: seldom, clock, times, instance, rows } = await seldomMonitor(t, gauges);
  seldom.start();
  clock.advance(1000);
  seldom.go(1000);
  clock.advance(4000);
  clock.advance(700);
  gauges.set('datagramsUp', 70);
  gauges.set('countedAtMs', clock.wallMs());
  gauges.recordTimer(60_000);
  instance.isUp = false;
  clock.advance(20_000);
  seldom.stop();
  t.deepEqual(await times(), [1000, 5000, 5700]);
  t.deepEqual(
    (await rows()).map((row) => row['datagrams_up']),
    ['0', '0', '70'],
  );
  t.is(seldom.health.verdict()?.validity, 'VALID');
});

test('what people watch is by the second, however long it is since the look before, and never negative', async (t) => {
  const gauges = new InstanceGauges();
  const { monitor: seldom, clock } = await seldomMonitor(t, gauges);
  seldom.start();
  gauges.set('datagramsUp', 500);
  gauges.set('bytesUp', 10_000);
  clock.advance(5000);
  t.like(seldom.throughput, { datagramsPerS: 100, bytesPerS: 2000 });
  // Too little time to tell a rate from it.
  clock.advance(1);
  gauges.set('datagramsUp', 520);
  seldom.go(0);
  t.like(seldom.throughput, { datagramsPerS: 100, bytesPerS: 2000 });
  gauges.set('datagramsUp', 0);
  gauges.set('bytesUp', 0);
  clock.advance(4999);
  t.like(seldom.throughput, { datagramsPerS: 0, bytesPerS: 0 });
  gauges.set('datagramsUp', 50);
  clock.advance(5000);
  t.is(seldom.throughput.datagramsPerS, 10);
  seldom.stop();
});
