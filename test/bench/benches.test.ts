import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import type { Figure } from '../../bench/figure.js';
import { REPOSITORY } from '../support/gumby-cli.js';

/** What a command that may fail prints, and how it ends. */
async function bench(...args: string[]) {
  try {
    const ran = await promisify(execFile)(process.execPath, ['--import=tsx', 'bench/main.ts', ...args], {
      cwd: REPOSITORY,
    });
    return { ...ran, exitCode: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { stdout, stderr, exitCode: code };
  }
}

test('every bench runs at small size, gives its figures, and fails exactly when it names a target as missed', async (t) => {
  const { stdout, stderr, exitCode } = await bench('--small', '--json');
  const figures = JSON.parse(stdout) as readonly Figure[];
  t.deepEqual(
    figures.map(({ name }) => name.split(',')[0]),
    [
      'scenario of 230 lines for 100 instances',
      'signed message',
      'decoding',
      'bloom filter',
      'round trips to sync 100 messages',
      'an answer from a store of 10000 messages',
      'memory of an idle community',
      'report of 20 instances',
      'report of 20 instances',
      'report of 20 instances',
      'statistics',
      'monitoring',
      'lateness of events',
      'lateness of events',
      'start until GO',
      'memory per instance',
      '100 packed instances beside 6 empty threads: start until GO',
      '100 packed instances beside 6 empty threads: memory of all',
      'lateness of work',
      'an event of virtual time',
      'the tutorial in virtual time',
      'an hour of 50 walking peers',
    ],
  );
  // How large they are depends on the machine; that they were measured does not.
  for (const { name, value } of figures) t.true(Number.isFinite(value) && value >= 0, name);
  // At small size, on a machine with other work, some may be missed: then the bench says which.
  const missed = figures.filter(({ met }) => !met).map(({ name }) => name);
  const named = [...stderr.matchAll(/^missed: (.+): (?:ratio )?[\d.]+.*, target /gm)].map(([, name]) => name);
  t.deepEqual(named, missed);
  t.is(exitCode, missed.length === 0 ? 0 : 1);
  for (const { ratio, value, floor } of figures)
    if (ratio !== undefined) t.true(Math.abs(ratio - value / (floor ?? Number.NaN)) <= 0.01 * Math.max(1, ratio));
});
