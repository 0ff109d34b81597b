import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { differingFiles, experimentBytes } from '../support/same-bytes.js';
import { shorterDiscovery, shorterWalking } from '../support/shorter-scenarios.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const VIRTUAL = ['--set', 'clock=virtual', '--seed', 'virtual'];

async function resultIn(output: string): Promise<RunResult> {
  return JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
}

/** Runs an experiment in virtual time; it has to go well. */
async function runVirtual(t: ExecutionContext, files: ExperimentFiles, ...options: readonly string[]) {
  const { conf, directory, output } = await writeExperiment(t, files);
  const ran = await gumby(['run', conf, ...VIRTUAL, ...options], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  return { output, ran, result: await resultIn(output) };
}

/** One thread twice, so that repeating is proved as well, and then several. */
const THREADS = [1, 1, 2, 4] as const;

const EIGHT = 'instances=8';

for (const { name, count = 8, options } of [
  { name: 'hello_world', options: async () => [EIGHT] },
  { name: 'ping_pong', options: async () => [EIGHT] },
  // Its scenario is for the two halves of forty.
  { name: 'partition', count: 40, options: async () => [] },
  // Its regions are for twenty-four.
  { name: 'latency_sweep', count: 24, options: async () => [] },
  // Its scenario is for the groups of sixty that its configuration puts behind NATs.
  { name: 'nat_traversal', count: 60, options: async () => [] },
  { name: 'discovery', options: async (at: string) => [EIGHT, `scenario_file=${await shorterDiscovery(at, 2)}`] },
  { name: 'ipv8_walking', options: async (at: string) => [EIGHT, `scenario_file=${await shorterWalking(at, 2)}`] },
])
  test.serial(`${name} leaves the same bytes in every run of one seed, on any number of threads`, async (t) => {
    const directory = await temporaryDirectory(t);
    const settings = await options(directory);
    const run = async (threads: number, index: number) => {
      const output = join(directory, `output-${index}`);
      const set = [...settings, 'trace=on', `instances_per_worker=${count / threads}`].flatMap((each) => [
        '--set',
        each,
      ]);
      const args = ['run', `experiments/${name}/${name}.conf`, '--output', output, ...VIRTUAL, ...set];
      const ran = await gumby(args, { cwd: REPOSITORY });
      t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
      return experimentBytes(output);
    };
    const runs = [];
    for (const [index, threads] of THREADS.entries()) runs.push(await run(threads, index));
    const [first, ...others] = runs;
    t.true(Object.keys(first ?? {}).length > 20);
    for (const other of others) t.deepEqual(differingFiles(other, first ?? {}), []);
  });

const TIME_MODULE = `
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { performance as hooked } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflate } from 'node:zlib';
import { promisify } from 'node:util';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

const loadedAt = Date.now();

@staticModule
export class TimeModule extends ExperimentModule {
  #say(what: string, ...values: readonly unknown[]): void {
    console.log([this.experiment.timeS.toFixed(6), what, ...values].join(' '));
  }

  @experimentCallback
  async tell(): Promise<void> {
    this.#say('date', Date.now() - loadedAt, new Date().toISOString(), new Date(0).getTime(), new Date() instanceof Date);
    this.#say('clocks', performance.now(), hooked.now(), process.uptime(), process.hrtime().join('.'), process.hrtime.bigint());
    this.#say('chance', Math.random(), randomBytes(4).toString('hex'), randomInt(1000), randomUUID(), crypto.randomUUID());
    setImmediate(() => this.#say('immediate'));
    setTimeout(() => this.#say('third'), 20);
    setTimeout(() => this.#say('first'), 0);
    setTimeout((word: string) => this.#say('second', word), 10.9, 'with an argument');
    clearTimeout(setTimeout(() => this.#say('never'), 5));
    AbortSignal.timeout(15).addEventListener('abort', () => this.#say('aborted'));
    let ticks = 0;
    const interval = setInterval(() => {
      this.#say('tick', ++ticks);
      if (ticks === 3) clearInterval(interval);
    }, 7);
    await sleep(3000);
    this.#say('slept');
    await promisify(setTimeout)(1000);
    this.#say('slept again');
    const text = await readFile(process.cwd() + '/test.conf', 'utf8');
    this.#say('read', text.length);
    const packed = await promisify(deflate)(Buffer.alloc(1e6));
    this.#say('packed', packed.length);
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(1e6));
    this.#say('digested', Buffer.from(digest).toString('hex').slice(0, 8));
  }
}
`;

test.serial(
  'module code sees the experiment’s time and seeded chance only, and what it waits for takes no time',
  async (t) => {
    const files = {
      conf: 'instances = 2\nclock_epoch = 2001-02-03T04:05:06Z',
      module: TIME_MODULE,
      scenario: '&module test_module.TimeModule\n@3600 tell\n@3700 stop',
    };
    const [one, other] = [await runVirtual(t, files), await runVirtual(t, files, '--set', 'instances_per_worker=1')];
    const lines = (await readFile(join(one.output, '00001.out'), 'utf8')).trim().split('\n');
    const said = lines.map((line) => line.split(' ').slice(0, 2).join(' '));
    t.deepEqual(said, [
      ...['3600.000000 date', '3600.000000 clocks', '3600.000000 chance', '3600.000000 immediate', '3600.001000 first'],
      ...['3600.007000 tick', '3600.010000 second', '3600.014000 tick', '3600.015000 aborted', '3600.020000 third'],
      ...['3600.021000 tick', '3603.000000 slept', '3604.000000 slept', '3604.000000 read', '3604.000000 packed'],
      ...['3604.000000 digested'],
    ]);
    // GO is a second after all are ready, and virtual time begins with the instances.
    t.regex(lines[0] ?? '', /2001-02-03T05:05:07\.0\d\dZ 0 true$/);
    for (const id of [1, 2])
      t.is(
        await readFile(join(other.output, `0000${id}.out`), 'utf8'),
        await readFile(join(one.output, `0000${id}.out`), 'utf8'),
      );
    // Where each has a thread of its own, the last row of its traffic is written as well. The timeline names the files' folder.
    t.deepEqual(
      differingFiles(await experimentBytes(other.output), await experimentBytes(one.output)).filter(
        (file) => file !== 'timeline.jsonl',
      ),
      [],
    );
    const chance = await Promise.all([1, 2].map((id) => readFile(join(one.output, `0000${id}.out`), 'utf8')));
    t.not(chance[0], chance[1]);
    t.is(one.result.verdict?.validity, 'VALID');
    t.is(one.result.latenessMs, undefined);
    t.true(one.result.durationMs < 60_000, 'an hour is over in seconds');
  },
);

const DGRAM_MODULE = `
import { createSocket } from 'node:dgram';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class DgramModule extends ExperimentModule {
  readonly #socket = createSocket('udp4');

  override async onIdReceived(): Promise<void> {
    this.#socket.on('message', (message, { address, port, size }) => {
      console.log(this.experiment.timeS, String(message), address, port, size);
      if (String(message) === 'ping') this.#socket.send('pong', port, address);
    });
    await new Promise<void>((resolve) => this.#socket.bind(4000, resolve));
    this.vars['dgram'] = this.#socket.address() as never;
  }

  @experimentCallback
  ping(): void {
    const { address, port } = this.allVars[2]?.['dgram'] as never as { address: string; port: number };
    this.#socket.send('ping', port, address);
    createSocket('udp4').on('error', (error) => console.log(error.message)).bind(4000);
  }
}
`;

test.serial(
  'links, partitions and cuts are as the scenario sets them, to the microsecond, on any number of threads',
  async (t) => {
    const files = {
      conf: 'instances = 2\nlink_latency = 20',
      module: DGRAM_MODULE,
      scenario: [
        '&module test_module.DgramModule',
        '@1 ping {1}',
        '@2 set_link latency=100 {1} to {2}',
        '@3 ping {1}',
        '@4 partition {1}',
        '@5 ping {1}',
        '@6 heal',
        '@6 set_link latency=0.5',
        '@7 ping {1}',
        '@8 set_link loss=100%',
        '@9 ping {1}',
        '@10 set_link loss=0',
        '@10 cut {2} to {1}',
        '@11 ping {1}',
        '@12 stop',
      ].join('\n'),
    };
    for (const perWorker of [1, 2]) {
      const { output, result } = await runVirtual(t, files, '--set', `instances_per_worker=${perWorker}`);
      // Nothing is late: links are what was asked for.
      t.is(result.network?.delays?.measured?.max, 100);
      t.is(result.network?.delays?.asked.max, 100);
      const times = async (id: number, word: string) =>
        (await readFile(join(output, `0000${id}.out`), 'utf8'))
          .split('\n')
          .filter((line) => line.includes(word))
          .map((line) => Number(line.split(' ')[0]));
      t.deepEqual(await times(2, 'ping'), [1.02, 3.1, 7.0005, 11.0005]);
      t.deepEqual(await times(1, 'pong'), [1.04, 3.12, 7.001]);
    }
  },
);

test.serial('an instance that is paused gets everything when it goes on, on any number of threads', async (t) => {
  const files = {
    conf: 'instances = 2\nlink_latency = 20',
    module: DGRAM_MODULE,
    scenario: [
      '&module test_module.DgramModule',
      '@0.5 pause {2}',
      '@1 ping {1}',
      '@2 ping {1}',
      '@2.5 echo late {2}',
      '@3 resume {2}',
      '@4 ping {1}',
      '@4.5 pause {2}',
      // The coordinator ends an instance that stands still, as a debugger would let it go.
      '@5 stop',
    ].join('\n'),
  };
  for (const perWorker of [1, 2]) {
    const { conf, directory, output } = await writeExperiment(t, {
      ...files,
      conf: `${files.conf}\nexperiment_time = 10`,
    });
    await gumby(['run', conf, ...VIRTUAL, '--set', `instances_per_worker=${perWorker}`], { cwd: directory });
    const linesOf = async (id: number) => (await readFile(join(output, `0000${id}.out`), 'utf8')).trim().split('\n');
    t.deepEqual(
      (await linesOf(2)).map((line) => line.split(' 198')[0]),
      ['3 ping', '3 ping', '2 ECHO late', '4.02 ping'],
    );
    t.deepEqual(
      (await linesOf(1)).filter((line) => line.includes('pong')).map((line) => line.split(' 198')[0]),
      ['3.02 pong', '3.02 pong', '4.04 pong'],
    );
  }
});

test.serial('modules change the network, at one moment for everyone, on any number of threads', async (t) => {
  const module = DGRAM_MODULE.replace(
    '@experimentCallback',
    `@experimentCallback
  change(): void {
    const { network, clock } = this.experiment;
    network.setLink({ latency: 100, jitter: '0..5' }, { from: [1], to: '2', isOneWay: true });
    clock.schedule(1000, () => network.partition('1'));
    clock.schedule(2000, () => network.heal());
    clock.schedule(3000, () => network.setLink({ latency: 30 }));
    for (const wrong of [() => network.setLink({ latency: 10 }), () => network.setLink({ loss: '101%' }), () => network.pause([9])])
      try { wrong(); } catch (error) { console.log((error as { code: string }).code); }
  }

  @experimentCallback`,
  );
  const files = {
    conf: 'instances = 4\nlink_latency = 20\ntrace = on',
    module,
    scenario: `&module test_module.DgramModule
      @0.99 change {4}
      @1 ping {1}
      @1.1 ping {1}
      @2.5 ping {1}
      @3.5 ping {1}
      @5 ping {1}
      @6 stop`,
  };
  const traces = [];
  for (const perWorker of [1, 2, 4]) {
    const { output } = await runVirtual(t, files, '--set', `instances_per_worker=${perWorker}`);
    const linesOf = async (id: number) => (await readFile(join(output, `0000${id}.out`), 'utf8')).trim().split('\n');
    t.deepEqual(
      (await linesOf(2)).filter((line) => line.includes('ping')).map((line) => Number(line.split(' ')[0]).toFixed(1)),
      // The change is made at 0.99, and holds 20 ms later.
      ['1.0', '1.2', '3.6', '5.0'],
    );
    t.deepEqual(
      (await linesOf(4)).filter((line) => /^[A-Z_]+$/.test(line)),
      ['NETWORK_UNCHANGEABLE', 'PARAMETER_INVALID', 'PARAMETER_INVALID'],
    );
    traces.push(await readFile(join(output, 'trace.csv'), 'utf8'));
  }
  t.is(traces[1], traces[0]);
  t.is(traces[2], traces[0]);
});

test.serial('nobody can be paused in real time', async (t) => {
  const { conf, directory } = await writeExperiment(t, { scenario: '@1 pause {1}\n@2 stop' });
  const ran = await gumby(['run', conf], { cwd: directory });
  t.is(ran.exitCode, 2);
  t.regex(ran.stderr, /test\.scenario:1:4: error: "pause" needs virtual time/);
});

test.serial('sockets of modules are on the emulated network', async (t) => {
  const files = {
    conf: 'instances = 2\nlink_latency = 20',
    module: DGRAM_MODULE,
    scenario: '&module test_module.DgramModule\n@1 ping {1}\n@2 stop',
  };
  const { output } = await runVirtual(t, files, '--set', 'instances_per_worker=1');
  t.is(
    await readFile(join(output, '00001.out'), 'utf8'),
    'bind EADDRINUSE 0.0.0.0:4000\n1.04 pong 198.18.0.2 4000 4\n',
  );
  t.is(await readFile(join(output, '00002.out'), 'utf8'), '1.02 ping 198.18.0.1 4000 4\n');
});

test.serial('what lives in real time is warned of, once, with its place', async (t) => {
  const module = `
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class OutsideModule extends ExperimentModule {
  @experimentCallback
  leave(): void {
    spawnSync('true');
    spawnSync('true');
    if (net.isIP('127.0.0.1') === 4) net.createServer();
  }
}
`;
  const { output, ran } = await runVirtual(t, {
    conf: 'instances = 3',
    module,
    scenario: '&module test_module.OutsideModule\n@1 leave\n@2 stop',
  });
  const warnings = ran.stdout.split('\n').filter((line) => line.includes('warning: '));
  t.is(warnings.length, 2, ran.stdout);
  t.regex(warnings[0] ?? '', /node:child_process is used in \S*test_module\.ts:10: it lives in real time/);
  t.regex(warnings[1] ?? '', /node:net is used in \S*test_module\.ts:12/);
  t.regex(await readFile(join(output, '00002.err'), 'utf8'), /^WARNING node:child_process/);
});

const STUCK_MODULE = `
import { readFile } from 'node:fs/promises';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class StuckModule extends ExperimentModule {
  @experimentCallback
  spin(): void {
    for (;;);
  }

  @experimentCallback
  async wait(): Promise<void> {
    await readFile(process.cwd() + '/nobody-writes');
  }

  @experimentCallback
  crash(): void {
    setTimeout(() => void Promise.reject(new Error('nobody listens')), 5);
  }
}
`;

test.serial(
  'an event that never comes back is ended by the machine limit, with the instances of its thread, which are named',
  async (t) => {
    const { conf, directory, output } = await writeExperiment(t, {
      conf: 'instances = 2\nwindow_limit = 1\ninstances_per_worker = 1',
      module: STUCK_MODULE,
      scenario: '&module test_module.StuckModule\n@1 spin {1}\n@2 echo alive {2}\n@3 stop',
    });
    const ran = await gumby(['run', conf, ...VIRTUAL], { cwd: directory });
    t.is(ran.exitCode, 1, ran.stdout + ran.stderr);
    const { failures, verdict } = await resultIn(output);
    t.regex(failures[0]?.message ?? '', /instance 1 has kept the machine for 6 s with one event.*window_limit/);
    t.is(verdict?.validity, 'INVALID');
    t.regex(verdict?.hints[0] ?? '', /^ended by the machine: instance 1 has kept/);
    t.is(await readFile(join(output, '00002.out'), 'utf8'), '2 ECHO alive\n');
  },
);

test.serial('an instance that waits for a file for ever is ended alone, and time goes on', async (t) => {
  const { conf, directory, output } = await writeExperiment(t, {
    conf: 'instances = 2\nwindow_limit = 1',
    module: STUCK_MODULE,
    scenario: '&module test_module.StuckModule\n@1 wait {1}\n@2 echo alive\n@3 stop',
  });
  const { execa } = await import('execa');
  await execa('mkfifo', [join(directory, 'nobody-writes')]);
  const ran = await gumby(['run', conf, ...VIRTUAL], { cwd: directory, timeout: 60_000 });
  const { failures, verdict } = await resultIn(output);
  t.is(verdict?.validity, 'INVALID');
  t.regex(failures[0]?.message ?? '', /instance 1 crashed: work that it began .* has not ended after 1 s/, ran.stdout);
  t.is(await readFile(join(output, '00002.out'), 'utf8'), '2 ECHO alive\n');
});

test.serial('a run whose only thread is gone, or never got to the start, ends with the reason', async (t) => {
  const module = `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class LostModule extends ExperimentModule {
  override onIdReceived(): void {
    if (this.experiment.options['FAILS'] === 'yes' && this.myId === 2) throw new Error('cannot begin');
  }

  @experimentCallback
  eat(): void {
    const eaten: unknown[] = [];
    for (;;) eaten.push(new Array(1000).fill(Math.random()));
  }
}
`;
  for (const { fails, expected } of [
    { fails: 'no', expected: /the thread of instances 1-3 ran out of memory/ },
    { fails: 'yes', expected: /cannot begin/ },
  ]) {
    const { conf, directory, output } = await writeExperiment(t, {
      conf: `instances = 3\ninstance_memory = 32\nfails = ${fails}`,
      module,
      scenario: '&module test_module.LostModule\n@1 eat {1}\n@2 stop',
    });
    const ran = await gumby(['run', conf, ...VIRTUAL], { cwd: directory, timeout: 60_000 });
    t.is(ran.exitCode, 1, ran.stdout + ran.stderr);
    t.regex((await resultIn(output)).failures[0]?.message ?? '', expected);
  }
});

test.serial(
  'a rejection that nobody handles ends the instance that it belongs to, although many share the thread',
  async (t) => {
    const { conf, directory, output } = await writeExperiment(t, {
      conf: 'instances = 3',
      module: STUCK_MODULE,
      scenario: '&module test_module.StuckModule\n@1 crash {2}\n@2 echo alive\n@3 stop',
    });
    const ran = await gumby(['run', conf, ...VIRTUAL], { cwd: directory });
    t.is(ran.exitCode, 1);
    const { failures, instances } = await resultIn(output);
    t.deepEqual(
      failures.map(({ instance, message }) => [instance, message]),
      [[2, 'instance 2 crashed: nobody listens']],
    );
    t.deepEqual(
      instances.map(({ state }) => state),
      ['stopped', 'failed', 'stopped'],
    );
  },
);

test.serial('a run in which nothing is left to happen says so, and ends', async (t) => {
  const { conf, directory, output } = await writeExperiment(t, { conf: 'instances = 2', scenario: '@5 echo last' });
  const ran = await gumby(['run', conf, ...VIRTUAL], { cwd: directory });
  t.is(ran.exitCode, 1, ran.stdout + ran.stderr);
  const { failures } = await resultIn(output);
  t.regex(failures[0]?.message ?? '', /nothing is left to happen at \d+(\.\d+)? s .* 2 instances have not stopped/);
});

test.serial('the time limit is a moment of the experiment', async (t) => {
  const files = { conf: 'instances = 2\nexperiment_time = 100', scenario: '@99.999 echo before\n@100.001 echo after' };
  const { conf, directory, output } = await writeExperiment(t, files);
  const ran = await gumby(['run', conf, ...VIRTUAL], { cwd: directory });
  t.is(ran.exitCode, 3, ran.stdout + ran.stderr);
  t.is(await readFile(join(output, '00001.out'), 'utf8'), '1 ECHO before\n');
  const { experimentMs, commands } = await resultIn(output);
  t.is(experimentMs, 100_000);
  // What was not due yet is not missed.
  t.deepEqual(commands, { total: 4, done: 2, failed: 0, unfinished: 0 });
});

test.serial('time can be paced: two seconds of the experiment at twice the speed take a second', async (t) => {
  const files = { conf: 'instances = 2\nclock_speed = 2', scenario: '@1 echo half\n@2 stop' };
  const { result, output, ran } = await runVirtual(t, files);
  t.true(result.durationMs >= 1000);
  t.regex(ran.stderr + ran.stdout, /2 instances in 1 thread \(instances_per_worker = auto\)/);
  t.is(await readFile(join(output, '00001.out'), 'utf8'), '1 ECHO half\n');
});

const NAT_MODULE = `
import { type Address, experimentCallback, ExperimentModule, integer, staticModule } from 'gumby';

@staticModule
export class NatModule extends ExperimentModule {
  override onModuleLoad(): void {
    const { endpoint } = this.experiment;
    console.log('at ' + endpoint.address?.host);
    endpoint.onPacket(({ host, port }) =>
      console.log('from ' + host + ':' + port + ' at ' + this.experiment.timeS.toFixed(3)));
  }

  @experimentCallback({ parameters: [integer('peer')] })
  send(peer: number): void {
    const { host, port } = this.allVars[peer] as unknown as Address;
    this.experiment.endpoint.send({ host, port }, Buffer.from('x'));
  }

  @experimentCallback({ parameters: [integer('peer')] })
  sendInside(peer: number): void {
    const { port } = this.allVars[peer] as unknown as Address;
    this.experiment.endpoint.send({ host: '10.0.0.' + peer, port }, Buffer.from('x'));
  }
}
`;

test.serial(
  'a scenario may be the only one that speaks of firewalls, and modules set only NATs that were foreseen',
  async (t) => {
    const files = {
      conf: 'instances = 3',
      module: NAT_MODULE.replace(
        '@experimentCallback({',
        `@experimentCallback
  tryNats(): void {
    for (const type of ['symmetric', 'firewall'] as const)
      try { this.experiment.network.setNat(type, [2]); console.log(type + ' was set'); }
      catch (error) { console.log((error as Error).message); }
  }

  @experimentCallback({`,
      ),
      scenario: [
        '&module test_module.NatModule',
        '@1 send 2 {1}',
        '@2 set_nat firewall {2}',
        '@3 send 2 {1}',
        '@4 send 1 {2}',
        '@5 send 2 {1}',
        '@6 set_nat none {2}',
        '@7 try_nats {3}',
        '@8 send 2 {3}',
        '@9 stop',
      ].join('\n'),
    };
    const { output, result } = await runVirtual(t, files);
    const linesOf = async (id: number) =>
      (await readFile(join(output, `0000${id}.out`), 'utf8')).trim().split('\n').slice(1);
    // What comes in before the firewall, what it was told to expect, and not what it does not know.
    t.deepEqual(
      (await linesOf(2)).map((line) => line.replace(/^.* at /, '')),
      ['1.001', '5.001'],
    );
    t.is(result.network?.packets.filtered, 2);
    const [symmetric, firewall] = await linesOf(3);
    t.regex(symmetric ?? '', /cannot set the NAT "symmetric": instance 2 has no address inside/);
    t.is(firewall, 'firewall was set');
  },
);

test('NATs are exchanged at their moment, are told of at the end, and are the same on any number of threads', async (t) => {
  const files = {
    conf: 'instances = 4\nnat = port-restricted {1}, symmetric {2-3} shared\n',
    scenario: [
      '&module test_module.NatModule',
      // Only what was sent to is let in.
      '@1 send 1 {4}',
      '@2 send 4 {1}',
      '@3 send 1 {4}',
      // In one LAN; the outside address of the own NAT leads nowhere.
      '@4 send_inside 3 {2}',
      '@5 send 3 {2}',
      '@6 set_nat firewall {4}',
      '@7 send 4 {2}',
      '@8 set_nat none {4}',
      '@9 send 4 {2}',
      '@10 stop',
    ].join('\n'),
    module: NAT_MODULE,
  };
  for (const perWorker of [4, 2, 1]) {
    const { output, result, ran } = await runVirtual(t, files, '--set', `instances_per_worker=${perWorker}`);
    const said = async (id: number) =>
      (await readFile(join(output, `0000${id}.out`), 'utf8')).trim().replaceAll(/:\d+/g, ':port').split('\n');
    t.deepEqual(await said(1), ['at 10.0.0.1', 'from 198.18.0.4:port at 3.001']);
    t.deepEqual(await said(4), ['at 198.18.0.4', 'from 198.18.0.1:port at 2.001', 'from 198.18.0.2:port at 9.001']);
    t.deepEqual(await said(3), ['at 10.0.0.3', 'from 10.0.0.2:port at 4.001']);
    t.like(result.network, {
      packets: { sent: 7, lost: 0, toNobody: 0, filtered: 2, notHairpinned: 1, withoutPort: 0 },
    });
    t.deepEqual(result.network?.meetings, [
      { nat: 'none', otherNat: 'port-restricted', tried: 1, met: 1 },
      { nat: 'port-restricted', otherNat: 'none', tried: 1, met: 1 },
      { nat: 'symmetric', otherNat: 'firewall', tried: 1, met: 0 },
    ]);
    t.regex(ran.stdout, /packets +7 sent, 2 stopped by NATs or firewalls, 1 to the sender’s own NAT/);
  }
});

test('a NAT that cannot be is an error with its place, before anything starts', async (t) => {
  const { conf, directory } = await writeExperiment(t, {
    conf: 'instances = 4\nclock = virtual\nnat = symmetric {2-3} shared\n',
    scenario: '@1 set_nat none {3}\n@2 stop\n',
  });
  const checked = await gumby(['check', conf], { cwd: directory });
  t.is(checked.exitCode, 2);
  t.regex(checked.stderr + checked.stdout, /\.scenario:1.*instance 3 shares a NAT with others, and cannot have "none"/);
});
