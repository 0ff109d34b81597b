import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Summary } from '../../src/report/summary.js';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

const MODULE = `
import { setTimeout as delay } from 'node:timers/promises';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

/** Module-level state: each instance has its own. */
let calls = 0;
(globalThis as Record<string, unknown>)['mark'] ??= Math.random();

@staticModule
export class PackedModule extends ExperimentModule {
  override onIdReceived(): void {
    this.vars['square'] = this.myId ** 2;
    process.env['WHO'] = String(this.myId);
    process.on('exit', () => process.stdout.write('bye from ' + process.env['WHO'] + '\\n'));
  }
  @experimentCallback
  async speak(): Promise<void> {
    calls++;
    await delay(5);
    console.log('calls', calls, 'of', process.env['WHO'], 'sum', this.peers.reduce((sum, peer) => sum + Number(this.allVars[peer]?.['square']), 0));
    setTimeout(() => console.error('later', calls), 5);
  }
  @experimentCallback exit(): void { try { process.exit(4); } finally { calls = -1; } }
  @experimentCallback timer(): void { setInterval(() => { throw new TypeError('from a timer'); }, 5); }
  @experimentCallback tick(): void { process.nextTick(() => { throw new Error('from a tick'); }); }
  @experimentCallback clock(): void { this.experiment.clock.schedule(5, () => { throw new Error('from the clock'); }); }
  @experimentCallback rejection(): void { void Promise.reject(new Error('nobody listens')); }
  @experimentCallback freeze(): void { (this.allVars[1] as Record<string, unknown>)['square'] = 7; }
  @experimentCallback spin(): void { for (;;); }
  @experimentCallback eat(): void { const kept: unknown[] = []; for (;;) kept.push(new Array(1e5).fill(kept.length)); }
  @experimentCallback flood(): void { for (let line = 0; line < 10_000; line++) console.log('x'.repeat(100)); }
}
`;

async function run(t: ExecutionContext, experiment: ExperimentFiles, ...args: readonly string[]) {
  const { directory, conf, output } = await writeExperiment(t, { module: MODULE, ...experiment });
  const { exitCode, stdout, stderr } = await gumby(['run', conf, '--json', ...args], { cwd: directory });
  const printed = async (id: number, stream: 'out' | 'err') =>
    readFile(join(output, `${String(id).padStart(5, '0')}.${stream}`), 'utf8');
  return { exitCode, stderr, output, printed, result: JSON.parse(stdout === '' ? '{}' : stdout) as RunResult };
}

test('instances that share a thread do and print the same as those with a thread each', async (t) => {
  const experiment = {
    conf: 'instances = 6',
    scenario: '&module ./test_module.ts\n@0.1 speak\n@0.5 speak {2,5}\n@2 echo done\n@2.5 stop',
  };
  const each = await run(t, experiment);
  const packed = await run(t, experiment, '--set', 'instances_per_worker=auto');
  const three = await run(t, experiment, '--set', 'instances_per_worker=3');
  for (const { exitCode, stderr, result } of [each, packed, three]) {
    t.is(exitCode, 0, stderr);
    t.deepEqual(result.commands, { total: 20, done: 20, failed: 0, unfinished: 0 });
  }
  for (const id of [1, 2, 3, 4, 5, 6])
    for (const stream of ['out', 'err'] as const) {
      const expected = await each.printed(id, stream);
      t.is(await packed.printed(id, stream), expected, `instance ${id} .${stream}`);
      t.is(await three.printed(id, stream), expected, `instance ${id} .${stream}`);
    }
  t.is(await packed.printed(2, 'out'), 'calls 1 of 2 sum 91\ncalls 2 of 2 sum 91\n2 ECHO done\n');
});

test('what one of them throws, exits or rejects ends it alone; what cannot be told names those that share the thread', async (t) => {
  const { result, printed } = await run(t, {
    conf: 'instances = 8\ninstances_per_worker = 8',
    scenario: [
      '&module ./test_module.ts',
      ...['@0.1 exit {1}', '@0.1 timer {2}', '@0.1 tick {3}', '@0.1 clock {4}', '@0.1 rejection {5}'],
      ...['@0.1 freeze {6}', '@0.1 flood {7}', '@0.6 echo alive', '@1 stop'],
    ].join('\n'),
  });
  const states = result.instances.map(({ state }) => state);
  t.deepEqual(states, ['failed', 'failed', 'failed', 'failed', 'stopped', 'stopped', 'stopped', 'stopped']);
  const messages = result.failures.map(({ instance, message }) => `${instance ?? '-'}: ${message}`);
  for (const expected of [
    '1: instance 1 ended itself: process.exit(4) was called in it',
    '2: instance 2 crashed: from a timer',
    '3: instance 3 crashed: from a tick',
    '4: instance 4 crashed: from the clock',
    '-: a rejected promise that nobody handled in the thread of instances 1-8: nobody listens',
  ])
    t.true(messages.includes(expected), `${expected} is not among ${messages.join('\n')}`);
  t.true(messages.some((message) => /^6: Cannot assign to read only property/.test(message)));
  for (const id of [5, 6, 8]) t.is(await printed(id, 'out'), `${id} ECHO alive\n`);
  t.is((await printed(7, 'out')).length, 10_000 * 101 + '7 ECHO alive\n'.length);
  t.is(await printed(1, 'out'), 'bye from 1\n');
  t.regex(await printed(2, 'err'), /from a timer[^]*test_module\.ts/);
});

test('a thread that hangs is ended with all that live in it, each named; the others go on', async (t) => {
  const { result, printed } = await run(t, {
    conf: 'instances = 4\ninstances_per_worker = 2\nexperiment_time = 2',
    scenario: '&module ./test_module.ts\n@0.1 spin {2}\n@0.5 echo alive\n@1 stop',
  });
  t.is(result.outcome, 'time-limit');
  t.deepEqual(
    result.instances.map(({ state }) => state),
    ['failed', 'failed', 'stopped', 'stopped'],
  );
  for (const id of [3, 4]) t.is(await printed(id, 'out'), `${id} ECHO alive\n`);
  for (const id of [1, 2])
    t.true(
      result.failures.some(({ instance, message }) => instance === id && /within 5 s|did not let go/.test(message)),
    );
});

test('a thread that runs out of memory ends all of its instances, and the message says whose limit it was', async (t) => {
  const { result } = await run(t, {
    conf: 'instances = 4\ninstances_per_worker = 2\ninstance_memory = 32',
    scenario: '&module ./test_module.ts\n@0.1 eat {2}\n@0.5 echo alive\n@1 stop',
  });
  t.deepEqual(
    result.instances.map(({ state }) => state),
    ['failed', 'failed', 'stopped', 'stopped'],
  );
  t.regex(
    result.failures.find(({ instance }) => instance === 1)?.message ?? '',
    /^the thread of instances 1-2 ran out of memory: its heap reached the limit of 64 MiB \(option instance_memory, 32 MiB for each of its instances\)$/,
  );
});

test('instances_per_worker is a number of at least 1, or auto', async (t) => {
  for (const value of ['0', '-1', 'many', '1.5']) {
    const { exitCode, stderr } = await run(t, { scenario: '@0 stop' }, '--set', `instances_per_worker=${value}`);
    t.is(exitCode, 2);
    t.regex(stderr, /instances_per_worker is "[^"]*"\n[^]*expected an integer of at least 1, or auto/);
  }
  const more = await run(t, { conf: 'instances = 2\ninstances_per_worker = 50', scenario: '@0 stop' });
  t.is(more.exitCode, 0, more.stderr);
});

test('a plan that is too large for the machine is refused before anything starts', async (t) => {
  const { exitCode, stderr } = await run(t, { conf: 'instances = 90000', scenario: '@0 stop' });
  t.is(exitCode, 2);
  t.regex(stderr, /90000 instances in 90000 threads need \d+ memory maps|90000 instances in 90000 threads need/);
  t.regex(stderr, /set instances_per_worker=auto/);
  t.regex(stderr, /nothing was started/);
});

test("the report of a packed run draws its threads, and nothing of an instance that is the thread's", async (t) => {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 4\ninstances_per_worker = 2\nmonitor_interval = 0.5',
    module: MODULE,
    scenario: '&module ./test_module.ts\n@0.1 speak\n@3 stop',
  });
  const { exitCode, stderr } = await gumby(['run', conf], { cwd: directory, env: { GUMBY_REPORT: 'all' } });
  t.is(exitCode, 0, stderr);
  const read = (name: string) => readFile(join(output, name), 'utf8');
  const summary = JSON.parse(await read('summary.json')) as Summary;
  t.deepEqual(summary.notes, []);
  for (const name of [
    'heap',
    'gc',
    'loop-delay',
    'loop-utilization',
    ...(process.platform === 'linux' ? ['cpu'] : []),
  ]) {
    t.false(name in summary.series, name);
    t.is(summary.series[`thread-${name}`]?.means?.count, 2, name);
    t.true((await read(`graphs/thread-${name}.svg`)).includes('thread 2'), name);
    t.regex(await read(`data/thread-${name}.csv`), /^time,thread 1,thread 2\n/);
  }
  t.true((summary.series['thread-heap']?.last?.min ?? 0) > 1);
  t.is(summary.series['timer-lateness']?.means?.count, 4);
});
