import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const EXPERIMENT = 'experiments/ipv8_walking';
const TIMES: Readonly<Record<string, string>> = {
  '@10-30': '@6-9',
  '@40': '@11',
  '@41': '@11.5',
  '@42': '@12',
  '@43': '@12.5',
};

/** The experiment's scenario, over sooner. */
async function shorter(directory: string, minimum: number): Promise<string> {
  const source = await readFile(join(REPOSITORY, EXPERIMENT, 'ipv8_walking.scenario'), 'utf8');
  const file = join(directory, 'ipv8_walking.scenario');
  const scenario = source.replace(/^@\S+/gm, (time) => TIMES[time] ?? time);
  await writeFile(file, scenario.replace('check_walking 5', `check_walking ${minimum}`));
  return file;
}

test('peers that walk as IPv8 does meet, and answer each other', async (t) => {
  const directory = await temporaryDirectory(t);
  const output = join(directory, 'output');
  const set = ['--set', 'instances=8', '--set', `scenario_file=${await shorter(directory, 4)}`];
  const ran = await gumby(['run', `${EXPERIMENT}/ipv8_walking.conf`, '--output', output, ...set], { cwd: REPOSITORY });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const read = (name: string) => readFile(join(output, '1', name), 'utf8');
  const [header = '', row = ''] = (await read('overlays.txt')).split('\n');
  t.is(header, 'name,pub_key,peers');
  t.regex(row, /^WalkingOverlay,[0-9a-f]{148},[4-7]$/);
  t.regex(await read('verified_peers.txt'), /^(127\.0\.0\.1:\d+\n){4,7}$/);
  t.regex(await read('bandwidth.txt'), /^[1-9]\d+,[1-9]\d+\n$/);
  const statistics = (await read('ipv8_statistics.csv')).trimEnd().split('\n');
  t.is(statistics[0], 'time,overlay,message,msg_id,num_up,bytes_up,num_down,bytes_down');
  t.true(statistics.some((line) => /^\d+\.\d{3},WalkingOverlay,introduction-request,246,\d+,\d+,\d+,\d+$/.test(line)));
});

test('a process of its own, under the process guard, walks with the instances and exchanges signed messages', async (t) => {
  const directory = await temporaryDirectory(t);
  const output = join(directory, 'output');
  await cp(join(REPOSITORY, 'test/fixtures/external-ipv8-peer.mjs'), join(directory, 'peer.mjs'));
  const launches = '-c launch_scenario.py '.repeat(3);
  const command = `process_guard.py ${launches}-c "node ${join(directory, 'peer.mjs')} 11"`;
  const set = ['--set', 'instances=3', '--set', `scenario_file=${await shorter(directory, 3)}`];
  const args = ['run', `${EXPERIMENT}/ipv8_walking.conf`, '--output', output, ...set, '--set'];
  // Three others for each: two instances, and the process.
  const ran = await gumby([...args, `local_instance_cmd=${command}`], { cwd: REPOSITORY });
  const [key = '', counts = ''] = (await readFile(join(output, '00004.out'), 'utf8')).split('\n');
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr + counts);
  const { requested, answered, pinged, ponged } = JSON.parse(counts) as Readonly<Record<string, number>>;
  t.deepEqual({ requested, answered, pinged, ponged }, { requested: 3, answered: 3, pinged: 3, ponged: 3 });
  for (const id of [1, 2, 3]) t.true((await readFile(join(output, `0000${id}.out`), 'utf8')).includes(key));
});

test('an option that only another strategy has fails, and names those there are', async (t) => {
  const directory = await temporaryDirectory(t);
  const file = await shorter(directory, 1);
  const scenario = await readFile(file, 'utf8');
  await writeFile(file, scenario.replace('RandomWalk 20', 'RandomWalk 20 edge_length=9'));
  const set = ['--set', 'instances=2', '--set', `scenario_file=${file}`, '--output', join(directory, 'output')];
  const ran = await gumby(['run', `${EXPERIMENT}/ipv8_walking.conf`, ...set], { cwd: REPOSITORY });
  t.is(ran.exitCode, 1);
  t.regex(
    ran.stdout,
    /RandomWalk has no option edge_length \(it has: timeout, window_size, reset_chance, target_interval\)/,
  );
});
