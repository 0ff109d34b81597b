import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { prepareOutputDirectory } from '../../../src/coordinator/files/output-directory.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { ownIdentity } from '../../../src/runtime/process-identity.js';

/** What the threads of one contest are given. */
export interface RivalInit {
  readonly rival: number;
  readonly rivals: number;
  readonly rounds: number;
  readonly directory: string;
  /** Counts the arrivals at all barriers. */
  readonly barrier: Int32Array;
}

/** What one thread saw in a round: that it won, with what was then in the directory in the end; or why it did not. */
export type Attempt = { readonly won: true; readonly entries: readonly string[] } | { readonly refused: string };

const { rival, rivals, rounds, directory, barrier } = workerData as RivalInit;
const RECORD = { version: 1, experimentName: 'test', outcome: 'succeeded', startedAt: new Date(0).toISOString() };
let passed = 0;

/** Waits until all threads are here. */
function meet(): void {
  passed++;
  Atomics.add(barrier, 0, 1);
  Atomics.notify(barrier, 0);
  for (;;) {
    const arrived = Atomics.load(barrier, 0);
    if (arrived >= passed * rivals) return;
    Atomics.wait(barrier, 0, arrived);
  }
}

/** In turn: nothing is there; an earlier run is; an earlier run that died is, and one that died as it took over from it. */
function setUp(round: number): void {
  rmSync(directory, { recursive: true, force: true });
  if (round % 3 === 0) return;
  mkdirSync(directory);
  writeFileSync(join(directory, 'run.json'), JSON.stringify(RECORD));
  if (round % 3 === 1) return;
  const [first, second] = ['a', 'b'].map((letter) => letter.repeat(8) + String(round).padStart(8, '0')) as [
    string,
    string,
  ];
  const lockOf = (nonce: string) =>
    JSON.stringify({ process: { ...ownIdentity(), startTicks: 1 }, host: 'here', since: '', nonce });
  writeFileSync(join(directory, 'run.lock'), lockOf(first));
  if (round % 2 === 0) writeFileSync(join(directory, `run.lock.${first}`), lockOf(second));
}

function attempt(): Attempt {
  let output;
  try {
    output = prepareOutputDirectory(directory, new Date().toISOString());
  } catch (error) {
    meet();
    return { refused: error instanceof GumbyError ? `${error.code}: ${error.message}` : String(error) };
  }
  // As a run does: the record is whole at every moment.
  writeFileSync(join(directory, 'run.json.new'), JSON.stringify(RECORD));
  renameSync(join(directory, 'run.json.new'), join(directory, 'run.json'));
  writeFileSync(join(directory, `winner-${rival}`), '');
  // Nobody ends before everybody has tried.
  meet();
  const entries = readdirSync(directory).sort();
  output.release();
  return { won: true, entries };
}

const attempts: Attempt[] = [];
for (let round = 0; round < rounds; round++) {
  if (rival === 0) setUp(round);
  meet();
  attempts.push(attempt());
  meet();
}
parentPort?.postMessage(attempts);
