import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { collectReport } from '../../src/report/collect-report.js';
import { linesOf } from '../../src/output/lines.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const GO = '2026-01-01T00:00:00.000Z';
const GO_S = Date.parse(GO) / 1000;

/** What the report says that instances marked and are, when these are their logs. */
async function reported(t: Parameters<typeof temporaryDirectory>[0], logs: readonly (readonly string[])[]) {
  const directory = await temporaryDirectory(t);
  const instances = logs.map((_, index) => ({
    id: index + 1,
    state: 'stopped',
    failures: 0,
    commands: { done: 0, failed: 0 },
  }));
  const record = {
    experimentName: 'x',
    outcome: 'succeeded',
    seed: '1',
    startedAt: GO,
    goAt: GO,
    experimentMs: 60_000,
    instances,
  };
  await writeFile(join(directory, 'run.json'), JSON.stringify(record));
  for (const [index, lines] of logs.entries()) {
    await mkdir(join(directory, String(index + 1)));
    await writeFile(join(directory, `${index + 1}/statistics.log`), lines.map((line) => `${line}\n`).join(''));
  }
  const { annotations, instances: rows, notes } = collectReport(directory);
  return { annotations, types: rows.map(({ type }) => type), damage: notes.filter((note) => note.includes('damaged')) };
}

test('texts that stand bare and texts that older outputs have quoted are read as the same', async (t) => {
  const bare = [`${GO_S + 5}.25 1 annotate start-experiment`, `${GO_S + 5} 1 peertype a seeder`];
  const quoted = [`${GO_S + 5}.5 2 annotate "start-experiment"`, `${GO_S + 5} 2 peertype "a seeder"`];
  t.deepEqual(await reported(t, [bare, quoted]), {
    annotations: [{ timeS: 5.25, text: 'start-experiment' }],
    types: ['a seeder', 'a seeder'],
    damage: [],
  });
});

test('a line that is too long to be one costs only itself, wherever it is cut', async (t) => {
  const file = join(await temporaryDirectory(t), 'long.log');
  const long = Buffer.alloc((1 << 26) + 1, 'x');
  await writeFile(file, Buffer.concat([Buffer.from('first\n'), long, Buffer.from('\nsecond\n\nthird\ncut')]));
  let damaged = 0;
  t.deepEqual([...linesOf(file, () => damaged++)], ['first', 'second', '', 'third']);
  t.is(damaged, 2);
});

test('lines are the same however chunks cut them', async (t) => {
  const file = join(await temporaryDirectory(t), 'a.log');
  const lines = Array.from({ length: 3000 }, (_, index) => 'grüße'.repeat(index % 97));
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  t.deepEqual([...linesOf(file, () => t.fail())], lines);
});
