import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { createProgram } from '../../src/cli/program.js';
import { tsconfigTemplate } from '../../src/cli/templates/tsconfig.js';
import { OPTIONS } from '../../src/config/options.js';
import { ERROR_CODES } from '../../src/runtime/errors.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const README = document('README.md');
const DOCUMENTS = ['README.md', ...readdirSync(join(REPOSITORY, 'docs')).map((name) => `docs/${name}`)];
const COMMUNITIES = document('docs/communities.md');
const MODULES = document('docs/modules.md');
const REPORT = document('docs/report.md');
const RUNNING = document('docs/running.md');

test('the three files of the README run as they stand', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'counting.conf'), blockAfter(README, '`counting.conf`'));
  await writeFile(join(directory, 'counting.scenario'), blockAfter(README, '`counting.scenario`'));
  await writeFile(join(directory, 'counting_module.ts'), blockAfter(README, '`counting_module.ts`'));
  const ran = await gumby(['run', 'counting.conf'], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const read = (name: string) => readFile(join(directory, 'output', name), 'utf8');
  t.is(await read('00002.out'), 'favourites: 7 14 21\n2 ECHO everyone is here\nHello, world!\n');
  t.deepEqual(await Promise.all([1, 2, 3].map((id) => read(`${id}/total.txt`))), ['16\n', '17\n', '18\n']);
  t.regex(await read('00003.err'), /^3\.5\d\d INFO CountingModule: the total is 18$/m);
});

for (const [name, text] of [
  ['README.md', blockAfter(README, '`counting_module.ts`')],
  ['docs/communities.md, a signed message', blockAfter(COMMUNITIES, '## A signed message')],
  ['docs/communities.md, permissions', blockAfter(COMMUNITIES, '## Permissions')],
  ['docs/modules.md, measuring', blockAfter(MODULES, '## Measuring')],
  ['docs/report.md, graphs', blockAfter(REPORT, '`graphs.ts` adds graphs')],
] as const)
  test(`the TypeScript of ${name} has no type errors`, async (t) => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'tsconfig.json'), tsconfigTemplate(directory));
    await writeFile(join(directory, 'example.ts'), text);
    const tsc = [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '-p', directory];
    await t.notThrowsAsync(promisify(execFile)(process.execPath, tsc));
  });

test('the module that measures, and the graphs of its own, run as they stand', async (t) => {
  const directory = await temporaryDirectory(t);
  const files = {
    'measuring.conf': 'experiment_name = measuring\nscenario_file = measuring.scenario\ninstances = 2\n',
    'measuring.scenario': '&module measuring.MeasuringModule\n@1 measure\n@2 stop\n',
    'measuring.ts': blockAfter(MODULES, '## Measuring'),
    'graphs.ts': blockAfter(REPORT, '`graphs.ts` adds graphs'),
    'graphs.json': blockAfter(REPORT, '## Graphs of your own'),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const ran = await gumby(['run', 'measuring.conf'], { cwd: directory, env: { GUMBY_REPORT: 'all' } });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const output = (name: string) => readFile(join(directory, 'output', name), 'utf8');
  for (const name of ['pings-sent', 'known-peers', 'answer-time-p50', 'answer-time-distribution', 'first-heaps'])
    t.true((await output(`graphs/${name}.svg`)).length > 1000, name);
  t.is((await output('data/events.csv')).split('\n').length, 4);
});

test('the program that runs experiments has no type errors, and runs as it stands', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'counting.conf'), blockAfter(README, '`counting.conf`'));
  await writeFile(join(directory, 'counting.scenario'), blockAfter(README, '`counting.scenario`'));
  await writeFile(join(directory, 'counting_module.ts'), blockAfter(README, '`counting_module.ts`'));
  // The package, as a program that has installed it finds it.
  await mkdir(join(directory, 'node_modules'));
  await symlink(REPOSITORY, join(directory, 'node_modules/gumby'));
  await writeFile(join(directory, 'program.mts'), blockAfter(RUNNING, '## From a program'));
  const tsc = [join(REPOSITORY, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck'];
  const types = ['--module', 'nodenext', '--types', 'node', '--typeRoots', join(REPOSITORY, 'node_modules/@types')];
  const checked = promisify(execFile)(process.execPath, [...tsc, ...types, 'program.mts'], { cwd: directory });
  await t.notThrowsAsync(checked);
  const tsx = import.meta.resolve('tsx');
  const { stdout } = await promisify(execFile)(process.execPath, [`--import=${tsx}`, 'program.mts'], {
    cwd: directory,
  });
  t.regex(stdout, /^5 succeeded \d+ \d+\n10 succeeded \d+ \d+\n$/);
  t.true((await readdir(join(directory, 'output-10', 'data'))).length > 0);
});

test('the hello world experiment runs in virtual time with the command of docs/virtual-time.md', async (t) => {
  const directory = await temporaryDirectory(t);
  const [, ...args] = blockAfter(document('docs/virtual-time.md'), '# Virtual time').trim().split(/\s+/);
  const ran = await gumby([...args, '--output', join(directory, 'output')], { cwd: REPOSITORY });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  t.regex(ran.stdout, /VALID/);
});

test('docs/virtual-time.md gives its options the defaults that they have', (t) => {
  for (const [, key = '', value = ''] of document('docs/virtual-time.md').matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm))
    t.is(OPTIONS.find((option) => option.key === key)?.default, value, key);
});

test('a signed message, with its payload, policies, handler and create method, takes 25 lines', (t) => {
  const example = blockAfter(COMMUNITIES, '## A signed message');
  const body = example.slice(example.indexOf('export class')).trim().split('\n');
  t.true(body.length <= 25, `${body.length} lines`);
});

test('the README names every command, and every npm script that it names is there', async (t) => {
  for (const command of (await createProgram()).commands)
    t.true(README.includes(`gumby ${command.name()} `), command.name());
  const { scripts } = JSON.parse(document('package.json')) as { scripts: Record<string, string> };
  for (const [, name = ''] of README.matchAll(/npm (?:run )?(start|test|bench)/g)) t.true(name in scripts, name);
});

test('every link of the documents leads somewhere', (t) => {
  for (const file of DOCUMENTS)
    for (const [, target = ''] of document(file).matchAll(/\]\(((?!http)[^)]+)\)/g))
      t.notThrows(() => document(join(dirname(file), target)), `${target} of ${file}`);
});

test('docs/errors.md explains every code, and no other', (t) => {
  const explained = [...document('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| \S/gm)].map((match) => match[1]);
  t.deepEqual(explained.sort(), [...ERROR_CODES].sort());
});

test('docs/configuration.md explains every option as the program does', (t) => {
  const text = document('docs/configuration.md');
  for (const { key, aliases, default: value = '', meaning } of OPTIONS) {
    const names = [key, ...aliases].map((name) => `\`${name}\``).join(', ');
    t.true(text.includes(`| ${names} | ${value === '' ? '' : `\`${value}\``} | ${meaning} |`), key);
  }
});

function document(name: string): string {
  return readFileSync(join(REPOSITORY, name), 'utf8');
}

/** The first code block after a text. */
function blockAfter(text: string, mark: string): string {
  const block = /```\w+\n([^]*?)```/.exec(text.slice(text.indexOf(mark)))?.[1];
  if (block === undefined) throw new Error(`there is no code block after ${mark}`);
  return block;
}
