import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { CAPTURE_FILE, TRACKERS_CAPTURE_PART } from '../../src/output/pcap/capture-files.js';
import { type Capture, readCapture, type ReadPacket } from '../../src/output/pcap/capture-reader.js';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { experimentBytes } from '../support/same-bytes.js';
import { shorterDiscovery } from '../support/shorter-scenarios.js';
import { smallDisk } from '../support/small-disk.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { tshark } from '../support/tshark.js';

/** Runs an experiment that has to go well. @returns where it wrote */
async function run(t: ExecutionContext, files: ExperimentFiles, ...options: readonly string[]): Promise<string> {
  const { conf, directory, output } = await writeExperiment(t, files);
  const ran = await gumby(['run', conf, ...options.flatMap((each) => ['--set', each])], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.deepEqual(await partsIn(output), []);
  return output;
}

async function partsIn(output: string): Promise<readonly string[]> {
  return (await readdir(output)).filter((name) => name.endsWith('.part'));
}

function captureIn(output: string): Capture {
  return readCapture(join(output, CAPTURE_FILE));
}

/** `instance 1 outbound 10.0.0.1:1 10.0.0.2:2`, without the time. */
function describe({ interfaceName, direction, source, destination, payload }: ReadPacket): string {
  const addresses = [source, destination].map(({ host, port }) => `${host}:${port}`);
  return [interfaceName, direction, ...addresses, Buffer.from(payload).toString()].join(' ');
}

/** Instance 1 greets instance 2, which answers, over their endpoints. */
const GREETING: ExperimentFiles = {
  conf: 'instances = 2\nsync_experiment_start_delay = 0',
  module: `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class GreetingModule extends ExperimentModule {
  override onIdReceived(): void {
    const { endpoint } = this.experiment;
    endpoint.onPacket((source, packet) => {
      if (packet.toString() === 'hello') endpoint.send(source, Buffer.from('welcome'));
    });
  }

  @experimentCallback
  greet(peer: string): void {
    const { host, port } = this.experiment.allVars[Number(peer)];
    this.experiment.endpoint.send({ host, port: Number(port) }, Buffer.from('hello'));
  }
}
`,
  scenario: '&module test_module.GreetingModule\n@0.2 greet 2 {1}\n@0.5 stop',
};

/** What both of them saw, in order; ports of the system may be other ones. */
const GREETED = [
  'instance 1 outbound A:1 B:2 hello',
  'instance 2 inbound A:1 B:2 hello',
  'instance 2 outbound B:2 A:1 welcome',
  'instance 1 inbound B:2 A:1 welcome',
];

/** Packets whose addresses are replaced by what the first packet says: it goes from A to B. */
function anonymous(packets: readonly ReadPacket[]): readonly string[] {
  const [first] = packets;
  if (first === undefined) return [];
  const [from, to] = [first.source, first.destination].map(({ host, port }) => `${host}:${port}`) as [string, string];
  return packets.map((packet) => describe(packet).replaceAll(from, 'A:1').replaceAll(to, 'B:2'));
}

for (const { name, perWorker } of [
  { name: 'a thread for each', perWorker: 1 },
  { name: 'one thread for all', perWorker: 2 },
])
  test.serial(`over sockets of the system, packets are captured in both directions: ${name}`, async (t) => {
    const beganMs = Date.now();
    const output = await run(t, GREETING, 'pcap=on', `instances_per_worker=${perWorker}`);
    const { interfaces, packets } = captureIn(output);
    t.deepEqual(interfaces, ['instance 1', 'instance 2']);
    t.deepEqual(anonymous(packets), GREETED);
    t.true(packets.every(({ source }) => source.host === '127.0.0.1'));
    const { goAt } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as { readonly goAt: string };
    for (const { timeUs } of packets) t.true(timeUs / 1000 >= beganMs && timeUs / 1000 <= Date.now());
    // Whatever the machine does, the command is not early; half a second is left until the instances stop.
    t.true((packets[0] as ReadPacket).timeUs / 1000 - Date.parse(goAt) >= 199);
  });

test.serial('in virtual time, packets are dated exactly, from the epoch on', async (t) => {
  const options = ['clock=virtual', 'clock_epoch=2030-06-01T12:00:00Z', 'link_latency=20.25', 'pcap=on'];
  const output = await run(t, GREETING, ...options);
  const { packets } = captureIn(output);
  t.deepEqual(anonymous(packets), GREETED);
  t.is((packets[0] as ReadPacket).source.host, '198.18.0.1');
  const { goAt } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as { readonly goAt: string };
  t.true(goAt.startsWith('2030-06-01T12:00:0'));
  const [sent = 0, ...later] = packets.map(({ timeUs }) => timeUs);
  t.true(Math.abs(sent - Date.parse(goAt) * 1000 - 200_000) < 1000);
  t.deepEqual(
    later.map((timeUs) => timeUs - sent),
    [20_250, 20_250, 40_500],
  );
});

test.serial(
  'of a group its own packets are captured and nobody else’s, and without the option there is no file',
  async (t) => {
    for (const clock of ['real', 'virtual']) {
      const one = await run(t, GREETING, `clock=${clock}`, 'pcap={2}');
      const { interfaces, packets } = captureIn(one);
      t.deepEqual(interfaces, ['instance 2']);
      t.deepEqual(anonymous(packets), GREETED.slice(1, 3));
      const none = await run(t, GREETING, `clock=${clock}`);
      t.false((await readdir(none)).includes(CAPTURE_FILE));
    }
  },
);

test.serial('in virtual time, sockets that a module opens by itself are captured', async (t) => {
  const output = await run(t, {
    conf: 'instances = 2\nclock = virtual\npcap = on',
    module: `
import dgram from 'node:dgram';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class OwnSocketModule extends ExperimentModule {
  readonly #socket = dgram.createSocket('udp4').bind(4000);

  @experimentCallback
  ping(): void {
    this.#socket.send('ping', 4000, '198.18.0.2');
  }
}
`,
    scenario: '&module test_module.OwnSocketModule\n@1 ping {1}\n@2 stop',
  });
  t.deepEqual(captureIn(output).packets.map(describe), [
    'instance 1 outbound 198.18.0.1:4000 198.18.0.2:4000 ping',
    'instance 2 inbound 198.18.0.1:4000 198.18.0.2:4000 ping',
  ]);
});

test.serial('the capture of one seed is the same on any number of threads, with what trackers see', async (t) => {
  const directory = await temporaryDirectory(t);
  const scenario = await shorterDiscovery(directory, 2);
  const captures = [];
  for (const [index, threads] of [1, 1, 2, 4].entries()) {
    const output = join(directory, `output-${index}`);
    const set = ['clock=virtual', 'pcap=on', 'instances=8', `instances_per_worker=${8 / threads}`];
    const args = [...set, `scenario_file=${scenario}`].flatMap((each) => ['--set', each]);
    const conf = 'experiments/discovery/discovery.conf';
    const ran = await gumby(['run', conf, '--seed', 'captured', '--output', output, ...args], { cwd: REPOSITORY });
    t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
    captures.push((await experimentBytes(output))[CAPTURE_FILE]);
  }
  const { interfaces, packets } = captureIn(join(directory, 'output-3'));
  t.deepEqual(interfaces, [
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => `instance ${id}`),
    ...[1, 2, 3, 4].map((id) => `tracker ${id}`),
  ]);
  t.true(packets.length > 100);
  for (const direction of ['inbound', 'outbound'])
    t.true(packets.some((each) => each.interfaceName.startsWith('tracker') && each.direction === direction));
  const [first, ...others] = captures;
  for (const other of others) t.true(other === first);
});

/** Runs peers that ask trackers for others, in real time. */
async function runWithTrackers(t: ExecutionContext, ...options: readonly string[]) {
  const directory = await temporaryDirectory(t);
  const scenario = join(directory, 'short.scenario');
  const lines = [
    '&module gumby.modules.dispersy_module.DispersyModule',
    '&module experiments.hello_world.hello_world_module.HelloWorldModule',
    '@0 isolate_community HelloWorldCommunity',
    '@0.1 start_session',
    '@2 stop_session',
    '@2.2 stop',
  ];
  await writeFile(scenario, lines.join('\n'));
  const output = join(directory, 'output');
  const set = ['pcap=on', `scenario_file=${scenario}`, ...options].flatMap((each) => ['--set', each]);
  const conf = 'experiments/hello_world/hello_world.conf';
  return { output, ran: await gumby(['run', conf, '--output', output, ...set], { cwd: REPOSITORY }) };
}

test.serial('over sockets of the system, trackers are captured too', async (t) => {
  const { output, ran } = await runWithTrackers(t);
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.deepEqual(await partsIn(output), []);
  const { packets } = captureIn(output);
  const kinds = packets.map(({ interfaceName, direction }) => `${interfaceName.replace(/ .*/, '')} ${direction}`);
  t.deepEqual([...new Set(kinds)].sort(), [
    'instance inbound',
    'instance outbound',
    'tracker inbound',
    'tracker outbound',
  ]);
});

test.serial('a capture that trackers cannot write is a failure that says so', async (t) => {
  const { output, ran } = await runWithTrackers(t, `local_setup_cmd=mkdir $OUTPUT_DIR/${TRACKERS_CAPTURE_PART}`);
  t.is(ran.exitCode, 1, ran.stdout + ran.stderr);
  const { failures } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  t.regex(failures[0]?.message ?? '', /cannot write .*packets-trackers\.part: EISDIR/);
});

for (const clock of ['real', 'virtual'])
  test.serial(`an instance that crashes leaves what it sent and received: clock = ${clock}`, async (t) => {
    const { conf, directory, output } = await writeExperiment(t, {
      ...GREETING,
      module:
        GREETING.module?.replace(
          'onPacket((source, packet) => {',
          `onPacket((source, packet) => {
      if (packet.toString() === 'welcome') queueMicrotask(() => { throw new Error('overwhelmed'); });`,
        ) ?? '',
    });
    const ran = await gumby(['run', conf, '--set', `clock=${clock}`, '--set', 'pcap=on'], { cwd: directory });
    t.is(ran.exitCode, 1, ran.stdout + ran.stderr);
    t.regex(ran.stdout, /overwhelmed/);
    t.deepEqual(anonymous(captureIn(output).packets), GREETED);
  });

test.serial('a check names the instances that are not there, with their place and the way out', async (t) => {
  const { conf, directory } = await writeExperiment(t, { conf: 'instances = 5\npcap = {2, 99}' });
  const checked = await gumby(['check', conf], { cwd: directory });
  t.is(checked.exitCode, 2);
  t.regex(checked.stderr, /test\.conf:4:8: error: pcap is "\{2,99\}": instance 99 is outside 1\.\.5/);
  t.regex(checked.stderr, /this run has the instances 1 to 5/);
});

/** Fills a disk with packets, and then goes on. */
const FLOODING: ExperimentFiles = {
  conf: 'instances = 2\npcap = on',
  module: `
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';

@staticModule
export class FloodingModule extends ExperimentModule {
  @experimentCallback
  flood(): void {
    const { endpoint } = this.experiment;
    for (let count = 0; count < 100; count++) endpoint.send({ host: '127.0.0.1', port: 9 }, Buffer.alloc(60_000));
  }
}
`,
  scenario: '&module test_module.FloodingModule\n@0.2 flood {1}\n@0.5 echo alive\n@0.7 stop',
};

for (const clock of ['real', 'virtual'])
  test.serial(
    `a disk that captured packets fill is a failure that says so, and the run goes on: clock = ${clock}`,
    async (t) => {
      const disk = await smallDisk(t, 3_000_000);
      if (disk === undefined) {
        t.pass();
        return;
      }
      const { conf, directory } = await writeExperiment(t, FLOODING);
      const output = join(disk, 'output');
      const ran = await gumby(['run', conf, '--output', output, '--set', `clock=${clock}`], { cwd: directory });
      t.is(ran.exitCode, 1, ran.stdout + ran.stderr);
      t.regex(ran.stdout, /cannot write .*packets-1\.part: ENOSPC/);
      const { failures, commands } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
      // There is no room for the whole beside its parts either; what else the run writes has failed by then, too.
      for (const expected of [
        /^capturing packets in .*: cannot write .*packets-1\.part: ENOSPC/,
        /cannot write .*packets\.pcapng: ENOSPC/,
      ])
        t.is(failures.filter(({ message }) => expected.test(message)).length, 1, JSON.stringify(failures));
      t.deepEqual(commands, { total: 5, done: 5, failed: 0, unfinished: 0 });
      // What was captured before is not lost.
      t.true(readCapture(join(output, (await partsIn(output))[0] ?? '')).packets.length > 10);
    },
  );

test.serial('tshark reads what was captured: interfaces, times, directions, addresses and checksums', async (t) => {
  const read = tshark(t);
  if (read === undefined) {
    t.pass();
    return;
  }
  for (const [clock, host] of [
    ['real', '127.0.0.1'],
    ['virtual', '198.18.0.1'],
  ] as const) {
    const output = await run(t, GREETING, `clock=${clock}`, 'pcap=on');
    const { packets } = captureIn(output);
    const fields = ['frame.interface_name', 'frame.time_epoch', 'frame.packet_flags_direction'];
    const headers = ['ip.src', 'udp.srcport', 'ip.checksum.status', 'udp.checksum.status', 'udp.payload'];
    const rows = await read(join(output, CAPTURE_FILE), [...fields, ...headers]);
    t.is(rows.length, 4);
    t.is(rows[0]?.[3], host);
    t.deepEqual(
      rows,
      packets.map(({ interfaceName, timeUs, direction, source, payload }) => [
        interfaceName,
        `${Math.floor(timeUs / 1e6)}.${String(timeUs % 1e6).padStart(6, '0')}000`,
        direction === 'inbound' ? '0x00000001' : '0x00000002',
        source.host,
        String(source.port),
        // 1 stands for a checksum that is right.
        ...['1', '1'],
        Buffer.from(payload).toString('hex'),
      ]),
    );
  }
});
