import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { BOTH_WAYS } from '../support/both-ways.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The times of the scenario, a third as long. */
async function shorter(directory: string, minimum: number): Promise<string> {
  const source = await readFile(join(REPOSITORY, 'experiments/discovery/discovery.scenario'), 'utf8');
  const times: Readonly<Record<string, string>> = {
    '@1-11': '@1-2',
    '@12': '@2.5',
    '@60': '@15',
    '@90': '@20',
    '@91': '@21',
    '@92': '@21.5',
  };
  const scenario = source
    .replace(/^@\S+/gm, (time) => times[time] ?? time)
    .replace('check_discovery 5', `check_discovery ${minimum}`);
  const file = join(directory, 'discovery.scenario');
  await writeFile(file, scenario);
  return file;
}

async function run(directory: string, instances: number, more: readonly string[]) {
  const output = join(directory, 'output');
  const file = await shorter(directory, 2);
  const conf = 'experiments/discovery/discovery.conf';
  const set = ['--set', `instances=${instances}`, '--set', `scenario_file=${file}`, ...more];
  const ran = await gumby(['run', conf, '--output', output, ...set], { cwd: REPOSITORY });
  return { ...ran, output };
}

for (const { way, options } of BOTH_WAYS)
  test(`eight peers that know only the trackers find each other, ${way}`, async (t) => {
    const { exitCode, stdout, stderr, output } = await run(await temporaryDirectory(t), 8, options);
    t.is(exitCode, 0, stdout + stderr);
    for (let id = 1; id <= 8; id++) {
      const log = await readFile(join(output, `${id}/statistics.log`), 'utf8');
      const counts = [...log.matchAll(/ candidates (\{.*\})$/gm)].map(
        ([, json = '']) => JSON.parse(json) as { met: number },
      );
      t.true(counts.length >= 4);
      t.true((counts.at(-1)?.met ?? 0) >= 2);
    }
  });

test('without trackers nobody finds anyone, and the run fails', async (t) => {
  const { exitCode, stdout } = await run(await temporaryDirectory(t), 3, ['--set', 'tracker_cmd=']);
  t.is(exitCode, 1);
  t.regex(stdout, /met 0 others, not 2/);
});
