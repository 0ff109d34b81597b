import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { shorterWalking } from '../support/shorter-scenarios.js';
import { gumby, REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const EXPERIMENT = 'experiments/ipv8_walking';
interface MessageTotal {
  readonly num_up: number;
  readonly num_down: number;
  readonly bytes_up: number;
  readonly bytes_down: number;
}

/** What a script that knows nothing but the forms of Gumby's files makes of an output; it throws for what has another form. */
async function readAsGumbyDoes(output: string) {
  const annotations = new Map<string, number[]>();
  const messages = new Map<string, MessageTotal>();
  const connections: [number, number][] = [];
  const bandwidth: { up: number; down: number }[] = [];
  const ids = (await readdir(output, { withFileTypes: true })).filter(
    (each) => each.isDirectory() && /^\d+$/.test(each.name),
  );
  for (const { name: id } of ids.sort((one, other) => Number(one.name) - Number(other.name))) {
    const lines = async (name: string) => (await readFile(join(output, id, name), 'utf8')).split('\n');
    const whole = async (name: string) => {
      const all = await lines(name);
      if (all.pop() !== '') throw new Error(`the last line of ${id}/${name} has no end`);
      return all;
    };
    for (const line of await whole('annotations.csv')) {
      const [, time = '', text = ''] = /^(\d+\.\d{6}),(.*)$/.exec(line) ?? fail(line);
      annotations.set(text, [...(annotations.get(text) ?? []), Number(time)]);
    }
    let latest: unknown;
    let beforeS = -Infinity;
    for (const line of await whole('ipv8_statistics.txt')) {
      const { time, stats } = JSON.parse(line) as { readonly time: number; readonly stats: unknown };
      if (!(time > beforeS)) throw new Error(`${id}: ${line} comes after ${beforeS} s`);
      [latest, beforeS] = [stats, time];
    }
    for (const [prefix, totals] of Object.entries(latest as Record<string, Record<string, MessageTotal>>)) {
      if (!/^0002[0-9a-f]{40}$/.test(prefix)) fail(prefix);
      for (const [message, total] of Object.entries(totals)) {
        const sum = messages.get(message) ?? { num_up: 0, num_down: 0, bytes_up: 0, bytes_down: 0 };
        messages.set(message, {
          num_up: sum.num_up + total.num_up,
          num_down: sum.num_down + total.num_down,
          bytes_up: sum.bytes_up + total.bytes_up,
          bytes_down: sum.bytes_down + total.bytes_down,
        });
      }
    }
    for (const line of await whole('verified_peers.txt'))
      connections.push([Number(id), /^[1-9]\d*$/.test(line) ? Number(line) : fail(line)]);
    const [up = '', down = ''] = (await lines('bandwidth.txt')).join('').split(',');
    bandwidth.push({ up: Number(up), down: Number(down) });
  }
  return { annotations, messages, connections, bandwidth };
}

function fail(line: string): never {
  throw new Error(`"${line}" has not the form that it should`);
}

test('peers that walk as IPv8 does meet, and answer each other', async (t) => {
  const directory = await temporaryDirectory(t);
  const output = join(directory, 'output');
  const scenario = await shorterWalking(directory, 4);
  // Gumby's scenarios have it before the session.
  await writeFile(scenario, (await readFile(scenario, 'utf8')).replace('@1.1 enable', '@0.5 enable'));
  const set = ['--set', 'instances=8', '--set', `scenario_file=${scenario}`];
  const ran = await gumby(['run', `${EXPERIMENT}/ipv8_walking.conf`, '--output', output, ...set], {
    cwd: REPOSITORY,
  });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const read = (name: string) => readFile(join(output, '1', name), 'utf8');
  const [header = '', row = ''] = (await read('overlays.txt')).split('\n');
  t.is(header, 'name,pub_key,peers');
  t.regex(row, /^WalkingOverlay,[0-9a-f]{148},[4-7]$/);
  t.regex(await read('bandwidth.txt'), /^[1-9]\d+,[1-9]\d+$/);
  const { annotations, messages, connections, bandwidth } = await readAsGumbyDoes(output);
  t.deepEqual([...annotations.keys()], ['start-experiment', 'half']);
  t.deepEqual(annotations.get('half')?.length, 8, 'of each instance');
  t.true(annotations.get('half')?.every((timeS) => timeS >= 7 && timeS < 12));
  // The introductions of the old style, the punctures, and what the overlay adds.
  for (const id of ['245', '246', '249', '250', '1', '2']) t.true(messages.has(id), `message ${id}`);
  for (const [id, { num_up: up, num_down: down, bytes_up: bytesUp, bytes_down: bytesDown }] of messages) {
    t.true(up > 0 && down > 0 && bytesUp > 22 * up && bytesDown > 22 * down, id);
  }
  t.true(connections.length >= 8 * 4);
  for (const [one, other] of connections) t.true(one !== other && other >= 1 && other <= 8, `${one} knows ${other}`);
  t.true(bandwidth.every(({ up, down }) => up > 1000 && down > 1000));
});

test('a process of its own, under the process guard, walks with the instances and exchanges signed messages', async (t) => {
  const directory = await temporaryDirectory(t);
  const output = join(directory, 'output');
  await cp(join(REPOSITORY, 'test/fixtures/external-ipv8-peer.mjs'), join(directory, 'peer.mjs'));
  const launches = '-c launch_scenario.py '.repeat(3);
  const command = `process_guard.py ${launches}-c "node ${join(directory, 'peer.mjs')} 11"`;
  const set = ['--set', 'instances=3', '--set', `scenario_file=${await shorterWalking(directory, 3)}`];
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
  const file = await shorterWalking(directory, 1);
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
