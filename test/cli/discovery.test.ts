import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { shorterDiscovery } from '../support/shorter-scenarios.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function run(directory: string, instances: number, more: readonly string[]) {
  const output = join(directory, 'output');
  const file = await shorterDiscovery(directory, 2);
  const conf = 'experiments/discovery/discovery.conf';
  const set = ['--set', `instances=${instances}`, '--set', `scenario_file=${file}`, ...more];
  const ran = await gumby(['run', conf, '--output', output, ...set], { cwd: REPOSITORY });
  return { ...ran, output };
}

test('eight peers that know only the trackers find each other', async (t) => {
  const { exitCode, stdout, stderr, output } = await run(await temporaryDirectory(t), 8, []);
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
