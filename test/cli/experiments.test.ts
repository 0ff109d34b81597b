import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { BOTH_WAYS } from '../support/both-ways.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

for (const { way, options } of BOTH_WAYS)
  test(`hello world runs as in the tutorial, for its minute and a quarter, ${way}`, async (t) => {
    const directory = await temporaryDirectory(t);
    const output = join(directory, 'output');
    const args = ['run', 'experiments/hello_world/hello_world.conf', '--output', output, ...options];
    const ran = await gumby(args, { cwd: REPOSITORY });
    t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
    for (const id of [1, 2, 3, 4, 5]) {
      const twice = id === 3 ? 'Hello human! Hello human!\n' : '';
      t.is(await readFile(join(output, `0000${id}.out`), 'utf8'), `Hello human!\n${twice}`);
      t.is(await readFile(join(output, `0000${id}.err`), 'utf8'), '');
      t.regex(
        await readFile(join(output, `${id}/statistics.log`), 'utf8'),
        new RegExp(`^\\d+\\.\\d{3} ${id} annotate start-experiment$`, 'm'),
      );
    }
  });

test('ping pong: every ping of ten peers is answered, by the same peers wherever they live', async (t) => {
  const directory = await temporaryDirectory(t);
  const runs = BOTH_WAYS.map(async ({ options }, index) => {
    const output = join(directory, `output-${index}`);
    const set = ['--set', 'instances=10', '--seed', 'ping', ...options];
    const ran = await gumby(['run', 'experiments/ping_pong/ping_pong.conf', '--output', output, ...set], {
      cwd: REPOSITORY,
    });
    t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
    return pingsIn(t, output);
  });
  const [each, packed] = await Promise.all(runs);
  t.is(each?.length, 10);
  t.deepEqual(packed, each);
});

/** Who was pinged in which round, by each instance. */
async function pingsIn(t: ExecutionContext, output: string): Promise<readonly (readonly string[])[]> {
  const { instances } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult;
  const idOf = new Map(instances.map(({ id, port }) => [port, id]));
  return Promise.all(
    instances.map(async ({ id }) => {
      const [header, ...rows] = (await readFile(join(output, `${id}/round_trip_times.csv`), 'utf8')).trim().split('\n');
      t.is(header, 'round,peer,milliseconds');
      t.is(rows.length, 10);
      return rows
        .map((row) => {
          const [, round = '', port = ''] = /^(\d+),127\.0\.0\.1:(\d+),\d+\.\d{3}$/.exec(row) ?? [];
          return `${round.padStart(2)} ${idOf.get(Number(port)) ?? `nobody at ${row}`}`;
        })
        .sort();
    }),
  );
}

test('the commands of an experiment are shown with their parameters and documentation', async (t) => {
  const shown = await gumby(['commands', 'experiments/hello_world/hello_world.conf'], { cwd: REPOSITORY });
  t.is(shown.exitCode, 0, shown.stderr);
  t.regex(shown.stdout, /^ {2}isolate_community name {3}\(also isolateCommunity\)$/m);
  t.regex(shown.stdout, /^ {2}introduce_peers \[max_peers=0\] \[excluded_peers=\]/m);
  t.regex(
    shown.stdout,
    /^ {2}extended_hello repetitions \[separator\] .*\n {6}Greets several times in one line\.\n {6}repetitions: text – how often$/m,
  );
  t.regex(shown.stdout, /^built-in$/m);
});

test('a timeline is shown for one instance, as text and as JSON, also of a bare scenario', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(
    join(directory, 'a.scenario'),
    '&module not.there.SomeModule\n@! set WHO world\n@1 hello $WHO x=1 {2}\n@2 for i in 1 to 2 call echo $i\n@5-6 stop\n',
  );
  const shown = await gumby(['timeline', 'a.scenario', '--peer', '2', '--json'], { cwd: directory });
  t.is(shown.exitCode, 0, shown.stderr);
  t.regex(shown.stderr, /a\.scenario:1:9: warning: the module file is not there/);
  const events = shown.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const file = join(directory, 'a.scenario');
  t.deepEqual(events.slice(0, 4), [
    { time: -1, command: 'set', args: ['WHO', 'world'], kwargs: {}, file, line: 2 },
    { time: 1, command: 'hello', args: ['world'], kwargs: { x: '1' }, file, line: 3 },
    { time: 2, command: 'echo', args: ['1'], kwargs: {}, file, line: 4 },
    { time: 2, command: 'echo', args: ['2'], kwargs: {}, file, line: 4 },
  ]);
  t.true((events[4]?.['time'] as number) >= 5 && (events[4]?.['time'] as number) <= 6);
  const other = await gumby(['timeline', 'a.scenario', '--peer', '1'], { cwd: directory });
  t.regex(other.stdout, /^0:02 +echo 1 {2}\(a\.scenario:4\)$/m);
  t.notRegex(other.stdout, /hello/);
});

test('check shows errors and warnings of a configuration or a scenario, exit 0 or 2', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'bad.scenario'), '@1 ech hi\n@2 annotate\n');
  const bad = await gumby(['check', 'bad.scenario'], { cwd: directory });
  t.is(bad.exitCode, 2);
  t.regex(bad.stderr, /bad\.scenario:1:4: error: unknown command "ech": did you mean "echo"\?/);
  t.regex(bad.stderr, /bad\.scenario:2:4: error: annotate has too few arguments/);
  t.regex(bad.stdout, /bad\.scenario: 2 errors, 0 warnings/);
  const good = await gumby(['check', 'experiments/ping_pong/ping_pong.conf'], { cwd: REPOSITORY });
  // A warning there may be: that a run beside this one has the tracker's port.
  t.is(good.exitCode, 0);
  t.regex(good.stdout, /^experiments\/ping_pong\/ping_pong\.conf: 0 errors, /);
});

test('a wrong command line is exit 2, and help is exit 0', async (t) => {
  t.is((await gumby(['rum'])).exitCode, 2);
  t.is((await gumby(['run'])).exitCode, 2);
  t.is((await gumby(['run', 'nowhere.conf'])).exitCode, 2);
  t.is((await gumby(['--help'])).exitCode, 0);
  t.is((await gumby(['run', '--help'])).exitCode, 0);
  t.is((await gumby(['timeline', 'x.scenario', '--peer', '0'])).exitCode, 2);
});
