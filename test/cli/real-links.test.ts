import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { shorterWalking } from '../support/shorter-scenarios.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Asks others for answers, and prints how long each round trip took, or how many answers are missing. */
const MODULE = `
  import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
  @staticModule
  export class TripModule extends ExperimentModule {
    trips = []; answered = 0; asked = 0;
    onModuleLoad() {
      const { endpoint, clock } = this.experiment;
      endpoint.onPacket((source, packet) => {
        if (packet[0] === 0) endpoint.send(source, Buffer.concat([Buffer.of(1), packet.subarray(1)]));
        else { this.answered++; this.trips.push(clock.nowMs() - packet.readDoubleBE(1)); }
      });
    }
    @experimentCallback
    ask(peer, times) {
      for (let count = 0; count < Number(times); count++)
        this.experiment.clock.schedule(count * 20, () => {
          const packet = Buffer.alloc(9);
          packet.writeDoubleBE(this.experiment.clock.nowMs(), 1);
          this.asked++;
          this.experiment.endpoint.send(this.allVars[peer], packet);
        });
    }
    @experimentCallback
    tell(what) {
      console.log(what, this.asked - this.answered, 'missing', Math.min(...this.trips), Math.max(...this.trips));
      this.trips = []; this.asked = this.answered = 0;
    }
  }`;

interface Told {
  readonly missing: number;
  readonly shortestMs: number;
}

async function told(output: string, id: number): Promise<Readonly<Partial<Record<string, Told>>>> {
  const text = await readFile(join(output, `0000${id}.out`), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^(\S+) (\d+) missing (\S+)/gm)].map(([, what = '', missing, shortest]): [string, Told] => [
      what,
      { missing: Number(missing), shortestMs: Number(shortest) },
    ]),
  );
}

async function run(t: ExecutionContext, files: ExperimentFiles, ...options: readonly string[]) {
  const { conf, directory, output } = await writeExperiment(t, { module: MODULE, ...files });
  const ran = await gumby(['run', conf, '--seed', 'links', ...options], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const result = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  return { output, ran, result };
}

/** A machine that is busy makes packets late, and never early. */
const LATE_MS = 60;

function about(t: ExecutionContext, shortestMs: number | undefined, expectedMs: number): void {
  t.true((shortestMs ?? 0) >= expectedMs - 2 && (shortestMs ?? Infinity) <= expectedMs + LATE_MS, String(shortestMs));
}

for (const network of ['udp', 'emulated'] as const)
  for (const perWorker of [1, 2])
    test.serial(`links hold in real time, over ${network}, instances_per_worker = ${perWorker}`, async (t) => {
      const files = {
        conf: `instances = 4\nnetwork = ${network}\nlink_latency = 40\ninstances_per_worker = ${perWorker}`,
        scenario: `
          &module ./test_module.ts
          @0.2 ask 2 10 {1}
          @1.2 tell conf {1}
          @1.4 set_link latency=10 {1} {2}
          @1.5 ask 2 10 {1}
          @1.5 ask 3 10 {4}
          @2.5 tell pair {1}
          @2.5 tell others {4}
          @2.7 partition {1} {2-4}
          @2.9 ask 2 10 {1}
          @2.9 ask 3 10 {4}
          @3.9 tell parted {1}
          @3.9 tell inside {4}
          @4.1 heal
          @4.3 ask 3 10 {1}
          @5.3 tell healed {1}
          @5.5 stop`,
      };
      const { output, ran, result } = await run(t, files);
      const [one, four] = [await told(output, 1), await told(output, 4)];
      about(t, one['conf']?.shortestMs, 80);
      about(t, one['pair']?.shortestMs, 20);
      about(t, four['others']?.shortestMs, 80);
      about(t, one['healed']?.shortestMs, 80);
      t.deepEqual(
        [one['conf'], one['pair'], four['others'], one['parted'], four['inside'], one['healed']].map(
          (each) => each?.missing,
        ),
        [0, 0, 0, 10, 0, 0],
      );
      t.is(result.network?.packets.lost, 10);
      t.true((result.network?.packets.sent ?? 0) >= 100);
      const { asked, measured } = result.network?.delays ?? {};
      t.like(asked, { min: 10, max: 40 });
      // A timer of the machine may be half a millisecond early.
      t.true((measured?.min ?? 0) >= 9.4 && (measured?.p5 ?? Infinity) <= 10 + LATE_MS, JSON.stringify(measured));
      t.regex(ran.stdout, /packets {4}\d+ sent, 10 lost on links/);
    });

test.serial('NATs stand between instances in real time, too', async (t) => {
  const files = {
    conf: 'instances = 3\nnetwork = emulated\nnat = port-restricted {1-2}\npcap = on',
    scenario: `
      &module ./test_module.ts
      @0.2 ask 2 5 {1}
      @0.9 tell before {1}
      # The other has sent something by now, and lets answers in
      @1 ask 1 5 {2}
      @1.7 tell answered {2}
      @1.8 ask 3 5 {1}
      @2.5 tell public {1}
      @2.6 stop`,
  };
  const { output, result } = await run(t, files);
  t.is((await told(output, 1))['before']?.missing, 5);
  t.is((await told(output, 2))['answered']?.missing, 0);
  t.is((await told(output, 1))['public']?.missing, 0);
  t.is(result.network?.packets.filtered, 5);
  t.deepEqual(
    result.network?.meetings.map(({ nat, otherNat, tried, met }) => [nat, otherNat, tried, met]),
    [
      ['none', 'port-restricted', 1, 1],
      ['port-restricted', 'none', 1, 1],
      ['port-restricted', 'port-restricted', 2, 2],
    ],
  );
  t.true((await readFile(join(output, 'packets.pcapng'))).length > 1000);
});

for (const network of ['udp', 'emulated'] as const)
  test.serial(`an instance crashes and comes back behind its links, over ${network}`, async (t) => {
    const files = {
      conf: `instances = 2\nnetwork = ${network}\nlink_latency = 5`,
      scenario: `
        &module ./test_module.ts
        @0.2 ask 2 5 {1}
        @0.9 tell before {1}
        @1 crash {2}
        @1.9 ask 2 5 {1}
        @2.4 tell crashed {1}
        @2.5 restart {2}
        @6.5 ask 2 5 {1}
        @7.4 tell restarted {1}
        @7.5 set_link latency=30
        @7.6 ask 2 5 {1}
        @8.5 tell slower {1}
        @8.6 stop`,
    };
    const { output, result } = await run(t, files);
    const one = await told(output, 1);
    t.deepEqual(
      ['before', 'crashed', 'restarted', 'slower'].map((what) => one[what]?.missing),
      [0, 5, 0, 0],
    );
    about(t, one['restarted']?.shortestMs, 10);
    about(t, one['slower']?.shortestMs, 60);
    // Over sockets of the system nobody hears that they were for nobody.
    t.is(result.network?.packets.toNobody, network === 'udp' ? undefined : 5);
  });

test.serial('peers of an overlay meet in real time on the emulated network, through a tracker', async (t) => {
  const directory = await temporaryDirectory(t);
  const scenario = await shorterWalking(directory, 2);
  const set = ['network=emulated', 'instances=8', 'instances_per_worker=3', `scenario_file=${scenario}`];
  const ran = await gumby(
    [
      ...['run', 'experiments/ipv8_walking/ipv8_walking.conf', '--output', join(directory, 'output')],
      ...set.flatMap((each) => ['--set', each]),
    ],
    { cwd: REPOSITORY },
  );
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.regex(await readFile(join(directory, 'output', 'addresses.json'), 'utf8'), /198\.19\.255\.254/);
});

test.serial(
  'what sockets of the system cannot do is refused with its place, and so is what nobody could coordinate',
  async (t) => {
    for (const [line, conf, expected] of [
      [
        'set_nat symmetric',
        '',
        /test\.scenario:1:4: error: "set_nat" needs the emulated network, and network is "udp"/,
      ],
      ['set_link mtu=500', '', /test\.scenario:1:4: error: "set_link" with an mtu needs the emulated network/],
      ['heal', 'experiment_server_cmd = ""', /test\.scenario:1:4: error: "heal" needs the experiment server/],
    ] as const) {
      const { conf: file, directory } = await writeExperiment(t, {
        conf: `instances = 1\n${conf}`,
        scenario: `@1 ${line}\n@2 stop`,
      });
      const ran = await gumby(['run', file], { cwd: directory });
      t.is(ran.exitCode, 2);
      t.regex(ran.stderr, expected);
    }
  },
);
