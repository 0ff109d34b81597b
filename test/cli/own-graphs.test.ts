import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Summary } from '../../src/report/summary.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

const GRAPHS = `
import { type GraphsOfRun, timeSeriesGraph } from 'gumby/graphs';

export const graphs: GraphsOfRun = (run) =>
  run.series
    .filter(({ name }) => name === 'process-memory')
    .flatMap((series) => {
      const specification = timeSeriesGraph({ ...series, title: 'Memory of ' + run.run.experimentName }, run.annotations);
      return specification === undefined ? [] : [{ name: 'my-memory', title: 'My memory', specification }];
    });
`;

test('an experiment adds graphs of its own, and has all of them look as it likes', async (t) => {
  const { conf, directory, output } = await writeExperiment(t, {
    conf: 'instances = 2',
    scenario: '@2 stop',
    files: {
      'graphs.ts': GRAPHS,
      'graphs.json': JSON.stringify({
        '*': { title: { textStyle: { fontSize: 23 } } },
        'process-threads': { yAxis: { name: 'How many threads' }, series: { lineStyle: { color: '#123456' } } },
        nothing: {},
      }),
    },
  });
  const ran = await gumby(['run', conf], { cwd: directory, env: { GUMBY_REPORT: 'all' } });
  t.is(ran.exitCode, 0, ran.stdout + ran.stderr);
  const svg = (name: string) => readFile(join(output, `graphs/${name}.svg`), 'utf8');
  t.true((await svg('my-memory')).includes('Memory of test'));
  t.regex(await svg('process-threads'), /How many threads[^]*#123456|#123456[^]*How many threads/i);
  t.true((await svg('process-memory')).includes('font-size:23px'));
  const summary = async () => JSON.parse(await readFile(join(output, 'summary.json'), 'utf8')) as Summary;
  t.deepEqual((await summary()).notes, ['graphs.json has a style for nothing, but there is no graph of that name']);

  // What is wrong with them is said, and takes nothing else from the report.
  for (const [text, message] of [
    ['export const graphs = () => { throw new Error("no idea"); };', /graphs\.ts: no idea/],
    ['export const other = 1;', /graphs\.ts: exports no function "graphs"/],
    ['export const graphs = () => [{ name: "../x" }];', /has the name "\.\.\/x"/],
    ['export const graphs = (', /graphs\.ts: .*Unexpected end of file/s],
  ] as const) {
    await writeFile(join(directory, 'graphs.ts'), text);
    await rm(join(output, 'graphs'), { recursive: true });
    const reported = await gumby(['report', output], { cwd: directory });
    t.is(reported.exitCode, 1);
    t.regex(reported.stderr, message);
    t.true((await readdir(join(output, 'graphs'))).includes('process-memory.svg'));
  }
  await writeFile(join(directory, 'graphs.json'), '{ "cpu": 5 }');
  t.regex((await gumby(['report', output], { cwd: directory })).stderr, /graphs\.json: "cpu" is not an object/);

  // Elsewhere they have to be brought along, or the report says that they are missing.
  await mkdir(join(directory, 'elsewhere'));
  await writeFile(join(directory, 'elsewhere/graphs.ts'), GRAPHS);
  await rm(join(directory, 'graphs.ts'));
  await rm(join(directory, 'graphs.json'));
  const missing = await gumby(['report', output], { cwd: directory });
  t.is(missing.exitCode, 0);
  t.regex(missing.stdout, /the experiment's graphs\.ts is left out: it is not in .* \(--experiment says where it is\)/);
  t.is((await gumby(['report', output, '--experiment', 'elsewhere'], { cwd: directory })).exitCode, 0);
  t.true((await svg('my-memory')).includes('Memory of test'));
});
