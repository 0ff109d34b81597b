import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { prepareOutputDirectory } from '../../../src/coordinator/files/output-directory.js';
import { GumbyError } from '../../../src/runtime/errors.js';
import { ownIdentity } from '../../../src/runtime/process-identity.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const SINCE = '2026-01-02T03:04:05.000Z';
const RECORD = JSON.stringify({ version: 1, experimentName: 'test', outcome: 'succeeded', startedAt: SINCE });

/** An earlier run, with a file by which it is known again. */
function writeRun(directory: string, mark: string, record = RECORD): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'run.json'), record);
  writeFileSync(join(directory, 'mark'), mark);
}

function markIn(directory: string): string {
  return readFileSync(join(directory, 'mark'), 'utf8');
}

function prepareAndRelease(directory: string) {
  const output = prepareOutputDirectory(directory, SINCE);
  output.release();
  return output;
}

function refusalOf(t: ExecutionContext, directory: string): GumbyError {
  return t.throws<GumbyError>(() => prepareOutputDirectory(directory, SINCE), { instanceOf: GumbyError });
}

test('a directory that is not there is made, with all that leads to it, and is empty', async (t) => {
  const directory = join(await temporaryDirectory(t), 'a/b/output');
  const { rotatedTo } = prepareAndRelease(directory);
  t.is(rotatedTo, undefined);
  t.deepEqual(readdirSync(directory), []);
  t.is(prepareAndRelease(directory).rotatedTo, undefined, 'an empty directory is used as it is');
});

test('earlier runs move up, the latest is number 1, and none is ever removed', async (t) => {
  const parent = await temporaryDirectory(t);
  const directory = join(parent, 'output');
  for (let run = 1; run <= 12; run++) {
    t.is(prepareAndRelease(directory).earlierCount, run - 1);
    writeRun(directory, `run ${run}`);
  }
  t.is(markIn(directory), 'run 12');
  for (let number = 1; number <= 11; number++) t.is(markIn(`${directory}.${number}`), `run ${12 - number}`);
  t.is(readdirSync(parent).length, 12);
});

test('what has the name of an earlier output and is none stays where it is, whole', async (t) => {
  const directory = join(await temporaryDirectory(t), 'mine');
  writeRun(`${directory}.1`, 'first');
  writeRun(`${directory}.2`, 'years of work', '{}');
  writeRun(`${directory}.3`, 'second');
  writeRun(`${directory}.5`, 'more of it', '{ "name": "thesis" }');
  writeFileSync(`${directory}.6`, 'a file');
  mkdirSync(`${directory}.7`);
  symlinkSync(`${directory}.1`, `${directory}.8`);
  writeRun(directory, 'third');
  for (let run = 4; run <= 9; run++) {
    prepareAndRelease(directory);
    writeRun(directory, `run ${run}`);
  }
  t.is(markIn(`${directory}.2`), 'years of work');
  t.is(markIn(`${directory}.5`), 'more of it');
  t.is(readFileSync(`${directory}.6`, 'utf8'), 'a file');
  t.deepEqual(readdirSync(`${directory}.7`), []);
  t.is(readlinkSync(`${directory}.8`), `${directory}.1`);
  const runs = [1, 3, 4, 9, 10, 11, 12, 13].map((number) => markIn(`${directory}.${number}`));
  t.deepEqual(runs, ['run 8', 'run 7', 'run 6', 'run 5', 'run 4', 'third', 'first', 'second']);
});

for (const [name, record] of [
  ['no JSON', 'x'],
  ['an empty object beside other files', '{}'],
  ['JSON of another program', '{ "version": 3, "startedAt": "2026-01-02" }'],
  ['a list', '[]'],
] as const)
  test(`a directory whose run.json is ${name} is refused, and nothing of it is touched`, async (t) => {
    const parent = await temporaryDirectory(t);
    writeRun(join(parent, 'mine'), 'precious', record);
    const error = refusalOf(t, join(parent, 'mine'));
    t.is(error.code, 'OUTPUT_DIRECTORY_REFUSED');
    t.regex(error.message, /will not write into .*mine: its run\.json is not the record of a run; choose another/);
    t.deepEqual(readdirSync(parent), ['mine']);
    t.deepEqual(readdirSync(join(parent, 'mine')).sort(), ['mark', 'run.json']);
  });

test('a run.json that is a pipe, or a directory, is no record, and is not waited for', async (t) => {
  const directory = join(await temporaryDirectory(t), 'mine');
  mkdirSync(join(directory, 'run.json'), { recursive: true });
  t.is(refusalOf(t, directory).code, 'OUTPUT_DIRECTORY_REFUSED');
  const piped = join(await temporaryDirectory(t), 'mine');
  mkdirSync(piped);
  await once(spawn('mkfifo', [join(piped, 'run.json')]), 'exit');
  t.deepEqual(readdirSync(piped), ['run.json']);
  t.is(refusalOf(t, piped).code, 'OUTPUT_DIRECTORY_REFUSED');
});

test('what a run leaves that died before its first record is recognised', async (t) => {
  for (const files of [
    { 'run.json': '{}\n' },
    { 'run.lock': lockOf(gone()), 'run.json.new': 'x', 'run.json.reserve': 'y' },
  ]) {
    const directory = join(await temporaryDirectory(t), 'output');
    mkdirSync(directory);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    t.is(prepareAndRelease(directory).rotatedTo, `${directory}.1`);
    t.deepEqual(readdirSync(directory), []);
  }
  const directory = join(await temporaryDirectory(t), 'output');
  mkdirSync(directory);
  writeFileSync(join(directory, 'run.lock'), lockOf(gone()));
  t.is(prepareAndRelease(directory).rotatedTo, undefined);
});

test('of a symbolic link the directory behind it is moved and made anew, and the link stays', async (t) => {
  const parent = await temporaryDirectory(t);
  const link = join(parent, 'links/output');
  mkdirSync(join(parent, 'links'));
  mkdirSync(join(parent, 'disk'));
  symlinkSync('../disk/runs', link);
  // The link leads nowhere yet.
  prepareAndRelease(link);
  writeRun(link, 'first');
  t.is(prepareAndRelease(link).rotatedTo, join(parent, 'disk/runs.1'));
  t.is(readlinkSync(link), '../disk/runs');
  t.is(markIn(join(parent, 'disk/runs.1')), 'first');
  t.deepEqual(readdirSync(join(parent, 'disk/runs')), []);
  t.deepEqual(readdirSync(join(parent, 'links')), ['output']);
});

test('a link that leads to itself is refused', async (t) => {
  const link = join(await temporaryDirectory(t), 'output');
  symlinkSync('output', link);
  t.regex(refusalOf(t, link).message, /output/);
});

test('two paths of one directory are one: the second run is refused by either', async (t) => {
  const parent = await temporaryDirectory(t);
  const directory = join(parent, 'output');
  symlinkSync(parent, join(parent, 'other'));
  symlinkSync('output', join(parent, 'link'));
  const first = prepareOutputDirectory(directory, SINCE);
  for (const path of [directory, `${parent}/./x/../output/`, join(parent, 'other/output'), join(parent, 'link')])
    t.is(refusalOf(t, path).code, 'OUTPUT_DIRECTORY_IN_USE', path);
  first.release();
  t.notThrows(() => prepareAndRelease(join(parent, 'link')));
});

test('where nothing can be made, what is in the way is named', async (t) => {
  const parent = await temporaryDirectory(t);
  writeFileSync(join(parent, 'file'), '');
  t.regex(refusalOf(t, join(parent, 'file/a/b')).message, /cannot prepare .*file is not a directory; choose another/);
  t.regex(refusalOf(t, join(parent, 'file')).message, /it is not a directory/);
  t.regex(refusalOf(t, '/dev/null').message, /it is not a directory/);
  if (process.platform !== 'linux') return;
  // Not even the owner of the machine makes a directory there.
  for (const path of ['/proc/x', '/proc/x/y/z', '/proc/self/fd/output'])
    t.regex(refusalOf(t, path).message, /cannot prepare the output directory .*: nothing can be made in \/proc/, path);
});

test('the run that is at work is named, with its process and since when, and the way out', async (t) => {
  const directory = join(await temporaryDirectory(t), 'output');
  mkdirSync(directory);
  writeFileSync(join(directory, 'run.lock'), lockOf({ pid: process.ppid, place: ownIdentity().place }));
  const error = refusalOf(t, directory);
  t.is(error.code, 'OUTPUT_DIRECTORY_IN_USE');
  t.regex(
    error.message,
    new RegExp(
      `will not write into .*output: another run \\(process ${process.ppid}\\) has been writing into it since ` +
        '2026-01-02T03:04:05\\.000Z; wait for its end, or end it, or choose another directory with --output or output_dir',
    ),
  );
});

test('a run of this same process keeps the directory as well, until it is released', async (t) => {
  const directory = join(await temporaryDirectory(t), 'output');
  const first = prepareOutputDirectory(directory, SINCE);
  writeRun(directory, 'live');
  t.regex(refusalOf(t, directory).message, /another run of this process has been writing/);
  t.deepEqual(readdirSync(directory).sort(), ['mark', 'run.json', 'run.lock']);
  first.release();
  t.is(markIn(prepareAndRelease(directory).rotatedTo as string), 'live');
});

test('a run at work in an earlier output is not moved away under it', async (t) => {
  const directory = join(await temporaryDirectory(t), 'output');
  const live = prepareOutputDirectory(`${directory}.1`, SINCE);
  writeRun(`${directory}.1`, 'live');
  writeRun(directory, 'old');
  t.is(prepareAndRelease(directory).rotatedTo, `${directory}.2`);
  t.is(markIn(`${directory}.1`), 'live');
  live.release();
});

test('the lock of a process that is gone is taken over, also when several died while they took over', async (t) => {
  const directory = join(await temporaryDirectory(t), 'output');
  writeRun(directory, 'dead');
  const nonces = ['a', 'b', 'c'].map((letter) => letter.repeat(16));
  for (const [index, nonce] of nonces.entries())
    writeFileSync(join(directory, index === 0 ? 'run.lock' : `run.lock.${nonces[index - 1]}`), lockOf(gone(), nonce));
  const output = prepareOutputDirectory(directory, SINCE);
  t.deepEqual(readdirSync(directory), ['run.lock']);
  t.deepEqual(readdirSync(`${directory}.1`).sort(), ['mark', 'run.json']);
  t.is(refusalOf(t, directory).code, 'OUTPUT_DIRECTORY_IN_USE');
  output.release();
  t.deepEqual(readdirSync(directory), []);
});

test('a lock that cannot be read, or whose process cannot be seen from here, is respected, and the way out is said', async (t) => {
  const directory = join(await temporaryDirectory(t), 'output');
  mkdirSync(directory);
  for (const [text, message] of [
    ['', /another run takes it at this moment; if none does, remove .*run\.lock/],
    [
      lockOf({ ...ownIdentity(), place: 'elsewhere' }),
      /process \d+ of far-away .* cannot be seen from here; if it is over, remove/,
    ],
  ] as const) {
    writeFileSync(join(directory, 'run.lock'), text);
    const error = refusalOf(t, directory);
    t.is(error.code, 'OUTPUT_DIRECTORY_IN_USE');
    t.regex(error.message, message);
  }
  t.true(existsSync(join(directory, 'run.lock')));
});

/** The identity of a process that is no more: of one with this number that started at another time. */
function gone() {
  return process.platform === 'linux' ? { ...ownIdentity(), startTicks: 1 } : { ...ownIdentity(), pid: 2 ** 22 - 1 };
}

function lockOf(process: object, nonce = '0123456789abcdef'): string {
  return JSON.stringify({ process, host: 'far-away', since: SINCE, nonce });
}
