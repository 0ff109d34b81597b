import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import type { Figure } from '../../bench/figure.js';
import { REPOSITORY } from '../support/gumby-cli.js';

test('every bench runs at small size and gives its figures, with a ratio where there is a floor', async (t) => {
  const args = ['--import=tsx', 'bench/main.ts', '--small', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY });
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
    ],
  );
  // How large they are depends on the machine; that they were measured does not.
  for (const { name, value } of figures) t.true(Number.isFinite(value) && value >= 0, name);
});
