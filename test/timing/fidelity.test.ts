import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { shorterWalking } from '../support/shorter-scenarios.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const PEERS = 20;

interface Walked {
  /** How many others each peer knows to be there. */
  readonly known: readonly number[];
  /** How many bytes each peer has sent. */
  readonly bytesUp: readonly number[];
}

async function walk(t: ExecutionContext, ...settings: readonly string[]): Promise<Walked> {
  const directory = await temporaryDirectory(t);
  const output = join(directory, 'output');
  const set = [`instances=${PEERS}`, `scenario_file=${await shorterWalking(directory, 2)}`, ...settings];
  const args = ['run', 'experiments/ipv8_walking/ipv8_walking.conf', '--output', output];
  const ran = await gumby([...args, ...set.flatMap((each) => ['--set', each])], { cwd: REPOSITORY });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const ofEach = (file: string, valueOf: (text: string) => number) =>
    Promise.all(
      Array.from({ length: PEERS }, async (_, index) =>
        valueOf(await readFile(join(output, String(index + 1), file), 'utf8')),
      ),
    );
  return {
    known: await ofEach('verified_peers.txt', (text) => text.trim().split('\n').length),
    bytesUp: await ofEach('bandwidth.txt', (text) => Number(text.split(',')[0])),
  };
}

function quartilesOf(values: readonly number[]): {
  readonly low: number;
  readonly median: number;
  readonly high: number;
} {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/**
 * Peers that walk by themselves meet others by chance, so no two runs are the same in real time. What a peer has done is
 * compared by its quartiles: where virtual time lost packets, hurried timers or counted twice, they would be apart.
 */
test('peers that walk in virtual time meet and send what they do in real time, over UDP and over the emulated network', async (t) => {
  const walked = {
    real: await walk(t, 'clock=real', 'instances_per_worker=10'),
    emulated: await walk(t, 'clock=real', 'network=emulated', 'instances_per_worker=10'),
    virtual: await walk(t, 'clock=virtual', 'link_latency=1'),
  };
  for (const what of ['known', 'bytesUp'] as const) {
    const real = quartilesOf(walked.real[what]);
    for (const [name, other] of [
      ['emulated', quartilesOf(walked.emulated[what])],
      ['virtual', quartilesOf(walked.virtual[what])],
    ] as const) {
      const text = `${what}: real ${JSON.stringify(real)}, ${name} ${JSON.stringify(other)}`;
      t.log(text);
      t.true(other.low <= real.high && real.low <= other.high, text);
      t.true(Math.abs(other.median - real.median) <= 0.2 * real.median, text);
    }
  }
});
