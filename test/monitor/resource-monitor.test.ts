import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LIMITS } from '../../src/config/limits.js';
import type { MonitoredInstance } from '../../src/monitor/instance-monitor.js';
import type { WatchedInstance } from '../../src/monitor/loop-watch.js';
import { ResourceMonitor } from '../../src/monitor/resource-monitor.js';
import { ManualClock } from '../../src/runtime/manual-clock.js';
import { CommandLateness } from '../../src/statistics/command-lateness.js';
import { InstanceGauges } from '../../src/statistics/instance-gauges.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function monitor(t: ExecutionContext, procDir: string | undefined, gauges: readonly InstanceGauges[]) {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock();
  const failures: unknown[] = [];
  const instances = gauges.map((each, index) => ({
    ...{ id: index + 1, gauges: each, isUp: true, port: undefined, commandLateness: new CommandLateness() },
    ...{ takeLoopUtilization: () => undefined, loopIdleMs: undefined, requestLook: () => {} },
  }));
  const init = { outputDir, intervalMs: 1000, limits: LIMITS, instances, trackerGauges: [] };
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
  gauges.set('threadId', 7);
  gauges.set('datagramsUp', 3);
  const { rows, verdict } = await monitor(t, '/nowhere', [gauges]);
  const [instance] = await rows('resources.csv');
  for (const column of ['user_s', 'system_s', 'voluntary_switches', 'heap_bytes', 'loop_utilization', 'receive_drops'])
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

/** A monitor of one instance that looks every five seconds. */
async function seldomMonitor(t: ExecutionContext, gauges: InstanceGauges) {
  const outputDir = await temporaryDirectory(t);
  const clock = new ManualClock();
  type Watched = MonitoredInstance & WatchedInstance;
  const instance: { -readonly [Name in keyof Watched]: Watched[Name] } = {
    ...{ id: 1, gauges, isUp: true, port: undefined, commandLateness: new CommandLateness() },
    ...{ takeLoopUtilization: () => undefined, loopIdleMs: undefined, requestLook: () => {} },
  };
  const init = { outputDir, intervalMs: 5000, limits: LIMITS, instances: [instance], procDir: '/nowhere' };
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
