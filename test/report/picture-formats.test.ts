import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { writeReport } from '../../src/report/write-report.js';
import { realClock } from '../../src/runtime/clock.js';
import { type HandMadeRun, handMadeRun } from '../support/hand-made-run.js';

function pictures({ directory }: HandMadeRun): readonly string[] {
  return readdirSync(join(directory, 'graphs')).filter((name) => name.startsWith('heap.'));
}

test('graphs are drawn in the formats that are asked for, or as the run was configured, or as SVG', async (t) => {
  const run = await handMadeRun(t, 3);
  for (const timeS of [0, 1, 2, 3]) run.resources(1, timeS, { heap_bytes: 1e6 * timeS });
  await writeReport(run.directory, { extent: 'all' }, { clock: realClock });
  t.deepEqual(pictures(run), ['heap.graph.json', 'heap.svg']);
  run.change({ config: { graphs: ['svg', 'png'] } });
  const { graphCount } = await writeReport(run.directory, { extent: 'all' }, { clock: realClock });
  t.deepEqual(pictures(run), ['heap.graph.json', 'heap.png', 'heap.svg']);
  t.is(graphCount, readdirSync(join(run.directory, 'graphs')).filter((name) => name.endsWith('.png')).length);
  t.true(graphCount >= 1);
  // What is not drawn anew would be of other data than the tables.
  await writeReport(run.directory, { extent: 'all', formats: ['svg'] }, { clock: realClock });
  t.deepEqual(pictures(run), ['heap.graph.json', 'heap.svg']);
  await writeReport(run.directory, { extent: 'all', formats: ['png'] }, { clock: realClock });
  t.deepEqual(pictures(run), ['heap.graph.json', 'heap.png']);

  rmSync(join(run.directory, 'graphs'), { recursive: true });
  run.change({ config: { graphs: [] } });
  const { graphCount: none, pageFile } = await writeReport(run.directory, { extent: 'all' }, { clock: realClock });
  t.is(none, 0);
  t.false(readdirSync(run.directory).includes('graphs'));
  t.is(pageFile, join(run.directory, 'report.html'));
});

test('a FIFO that has the name of a file of the report is refused, and keeps nobody waiting', async (t) => {
  for (const name of ['report.html', 'summary.json', 'data/heap.csv', 'graphs/heap.svg', 'graphs/heap.png']) {
    const run = await handMadeRun(t, 3);
    for (const timeS of [0, 1, 2, 3]) run.resources(1, timeS, { heap_bytes: 1e6 * timeS });
    const report = () => writeReport(run.directory, { extent: 'all', formats: ['svg', 'png'] }, { clock: realClock });
    await report();
    rmSync(join(run.directory, name));
    execFileSync('mkfifo', [join(run.directory, name)]);
    const error = await t.throwsAsync(report, { code: 'OUTPUT_WRITE_FAILED' }, name);
    t.true(error.message.includes(name.split('/').at(-1) as string), error.message);
    t.regex(error.message, /no regular file/);
  }
});
