import { join } from 'node:path';
import test from 'ava';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { shorterDiscovery, shorterWalking } from '../support/shorter-scenarios.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

// Who has met whom by when depends on time; that enough have met must not depend on where they live.
for (const [name, shorter] of [
  ['discovery', shorterDiscovery],
  ['ipv8_walking', shorterWalking],
] as const)
  test.serial(`${name} does packed what it does with a thread each: its own check passes`, async (t) => {
    const directory = await temporaryDirectory(t);
    const scenario = await shorter(directory, 2);
    const conf = `experiments/${name}/${name}.conf`;
    const settings = ['instances=8', 'instances_per_worker=auto', `scenario_file=${scenario}`];
    const args = ['run', conf, '--output', join(directory, 'output'), ...settings.flatMap((each) => ['--set', each])];
    const ran = await gumby(args, { cwd: REPOSITORY });
    t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  });
