import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LIMITS } from '../../src/config/limits.js';
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
  const rows = async (name: string) => {
    const [header = '', ...lines] = (await readFile(join(outputDir, name), 'utf8')).trim().split('\n');
    const columns = header.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [columns[at] ?? '', value])));
  };
  return { rows, verdict: made.health.verdict() };
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
