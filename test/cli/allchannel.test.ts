import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { BOTH_WAYS } from '../support/both-ways.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const EXPERIMENT = 'experiments/allchannel';

async function generated(...args: readonly string[]): Promise<string> {
  const script = join(REPOSITORY, EXPERIMENT, 'generate-scenario.mjs');
  return (await promisify(execFile)(process.execPath, [script, ...args], { maxBuffer: 2 ** 24 })).stdout;
}

async function run(t: ExecutionContext, lines: readonly string[], options: readonly string[] = []) {
  const directory = await temporaryDirectory(t);
  const [header = ''] = (await generated()).split('\n@', 1);
  const scenario = join(directory, 'small.scenario');
  await writeFile(scenario, `${header}\n${lines.join('\n')}\n`);
  const output = join(directory, 'output');
  const set = ['--set', 'instances=5', '--set', `scenario_file=${scenario}`, ...options];
  const ran = await gumby(['run', `${EXPERIMENT}/allchannel.conf`, '--output', output, ...set], { cwd: REPOSITORY });
  return { ...ran, output };
}

test('the scenario is what its program writes', async (t) => {
  t.is(await readFile(join(REPOSITORY, EXPERIMENT, 'allchannel.scenario'), 'utf8'), await generated());
});

test('the program refuses what it cannot write a scenario for', async (t) => {
  for (const args of [['3'], ['x'], ['10', '5'], ['10', '20', '-1']])
    await t.throwsAsync(generated(...args), { message: /give at least 4 instances and 10 seconds/ });
});

for (const { way, options } of BOTH_WAYS)
  test(`every member of a channel gets every message of it, also one that joins later, ${way}`, async (t) => {
    const { exitCode, stdout, stderr, output } = await run(
      t,
      [
        '@0 isolate_community AllChannelCommunity',
        '@0 start_session',
        '@4 create {1,2}',
        '@5-6 join 1 {2,3,4}',
        '@5-6 join 2 {1,3}',
        '@20 publish 12 {1,2}',
        '@22 post 1 3 {4}',
        '@25 join 1 {5}',
        '@26 post 1 1 {5}',
        '@45 check_channel 1 12 4 {1-5}',
        '@45 check_channel 2 12 0 {1-3}',
        '@46 stop_session',
        '@46.5 stop',
      ],
      options,
    );
    t.is(exitCode, 0, stdout + stderr);
    const held = / channel (\{.*\})$/m.exec(await readFile(join(output, '5/statistics.log'), 'utf8'))?.[1];
    t.deepEqual(JSON.parse(held ?? 'null'), { creator: 1, torrents: 12, posts: 4 });
  });

test('a missing message fails the run, which says who misses what; so does what nobody may do', async (t) => {
  const { exitCode, stdout } = await run(t, [
    '@0 isolate_community AllChannelCommunity',
    '@0 start_session',
    '@2 create {1}',
    '@3 publish 2 {1}',
    '@3 publish 2 {2}',
    '@3 post 1 {3}',
    '@4 check_channel 1 3 0 {1}',
    '@5 stop',
  ]);
  t.is(exitCode, 1);
  t.regex(stdout, /instance 1 .*: holds 2 of 3 torrents and 0 of 0 posts of channel 1/);
  t.regex(stdout, /instance 2 .*: this instance has not created a channel/);
  t.regex(stdout, /instance 3 .*: this instance has not joined the channel of 1/);
});
