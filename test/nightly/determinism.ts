/**
 * Runs whole experiments in virtual time, in one thread and again in one and in several, and compares every byte that they
 * write about the experiment: `npm run nightly`, or `npm run nightly -- CONF … --threads 1,2 --set instances=500`. The first run has one thread, those after it as many as asked for.
 * It exits with 1 when two runs differ, and leaves the outputs of those that do.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunResult } from '../../src/output/record/run-result.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { differingFiles, experimentHashes } from '../support/same-bytes.js';

/** The shipped experiments in full, and the walkers with as many peers as a night is long enough for. */
const RUNS: readonly (readonly [conf: string, ...settings: readonly string[]])[] = [
  ['hello_world'],
  ['ping_pong', 'instances=200'],
  ['partition'],
  ['latency_sweep'],
  ['nat_traversal'],
  ['discovery'],
  ['ipv8_walking', 'instances=300', 'link_latency=20..80 lognormal', 'link_loss=1%'],
  ['allchannel'],
];
const TIME_LIMIT_MS = 3_600_000;
/** More than any experiment has. */
const ALL = 100_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1,2,4' }, set: { type: 'string', multiple: true, default: [] } },
});
const threads = [1, ...values.threads.split(',').map(Number)];
const given = positionals.map((conf) => [conf, ...values.set] as const);

let hasFailed = false;
for (const [name, ...settings] of given.length > 0 ? given : RUNS) {
  const problem = await compare(name, settings);
  process.stdout.write(`${name}: ${problem ?? `the same bytes with ${threads.join(', ')} threads`}\n`);
  hasFailed ||= problem !== undefined;
}
process.exitCode = hasFailed ? 1 : 0;

/** @returns what is wrong; undefined when all runs wrote the same */
async function compare(name: string, settings: readonly string[]): Promise<string | undefined> {
  const conf = name.endsWith('.conf') ? name : join('experiments', name, `${name}.conf`);
  const directory = await mkdtemp(join(tmpdir(), 'gumby-nightly-'));
  let first: Awaited<ReturnType<typeof experimentHashes>> | undefined;
  let firstOutput = '';
  for (const [index, count] of threads.entries()) {
    const output = join(directory, `output-${index}`);
    // How many instances there are is known from the first run, which has one thread.
    const perThread = first === undefined ? ALL : Math.ceil((await instancesIn(firstOutput)) / count);
    const set = [...settings, 'clock=virtual', 'trace=on', `instances_per_worker=${perThread}`];
    const args = ['run', conf, '--output', output, '--seed', 'nightly', ...set.flatMap((each) => ['--set', each])];
    const { exitCode, stdout, stderr } = await gumby(args, { cwd: REPOSITORY, timeout: TIME_LIMIT_MS });
    if (exitCode !== 0) return `a run with ${threadsOf(count)} ended with ${exitCode}:\n${stdout}${stderr}`;
    const hashes = await experimentHashes(output);
    const differing = first === undefined ? [] : differingFiles(hashes, first);
    if (differing.length > 0)
      return `run ${index + 1}, with ${threadsOf(count)}, differs from the first in ${differing.join(', ')}; see gumby diff ${firstOutput} ${output}`;
    if (first === undefined) [first, firstOutput] = [hashes, output];
    else await rm(output, { recursive: true });
  }
  await rm(directory, { recursive: true });
  return undefined;
}

function threadsOf(count: number): string {
  return count === 1 ? '1 thread' : `${count} threads`;
}

async function instancesIn(output: string): Promise<number> {
  const { instances } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  return instances.length;
}
