import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { OPTIONS } from '../../src/config/options.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('a new experiment is explained, has its types, and runs as written', async (t) => {
  const directory = await temporaryDirectory(t);
  const made = await gumby(['new', 'experiment', 'my_first'], { cwd: directory });
  t.is(made.exitCode, 0, made.stderr);
  t.deepEqual((await readdir(join(directory, 'my_first'))).sort(), [
    'my_first.conf',
    'my_first.scenario',
    'my_first_module.ts',
    'tsconfig.json',
  ]);
  const conf = await readFile(join(directory, 'my_first/my_first.conf'), 'utf8');
  for (const { key, meaning } of OPTIONS) {
    t.regex(conf, new RegExp(`^(# )?${key} =`, 'm'));
    t.true(conf.includes(meaning));
  }
  const tsc = [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '-p', join(directory, 'my_first')];
  await t.notThrowsAsync(promisify(execFile)(process.execPath, tsc), 'an editor finds all types');
  const check = await gumby(['check', 'my_first/my_first.conf'], { cwd: directory });
  t.like(check, { exitCode: 0, stdout: 'my_first/my_first.conf: 0 errors, 0 warnings' }, check.stderr);
  const ran = await gumby(['run', 'my_first/my_first.conf'], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const outputs = await Promise.all(
    [1, 2, 3, 4, 5].map((id) => readFile(join(directory, `output/0000${id}.out`), 'utf8')),
  );
  const greetings = outputs.map((text) => Number(/^(\d+) greetings have arrived$/m.exec(text)?.[1]));
  t.is(
    greetings.reduce((sum, count) => sum + count, 0),
    5 + 1 + 9,
    'every greeting arrives',
  );
});

test('a folder that is there, a name that is none, and a kind that is none are refused', async (t) => {
  const directory = await temporaryDirectory(t);
  await gumby(['new', 'experiment', 'twice'], { cwd: directory });
  const again = await gumby(['new', 'experiment', 'twice'], { cwd: directory });
  t.is(again.exitCode, 2);
  t.regex(again.stderr, /cannot write the folder twice: it is there already/);
  t.is((await gumby(['new', 'experiment', '../up'], { cwd: directory })).exitCode, 2);
  t.is((await gumby(['new', 'house', 'mine'], { cwd: directory })).exitCode, 2);
  t.deepEqual(await readdir(directory), ['twice']);
});
