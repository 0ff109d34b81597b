import { spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INSTANCE_TABLE } from '../src/output/tables/instance-table.js';
import { PROCESS_TABLE } from '../src/output/tables/process-table.js';
import { type Figure, plainFigure } from './figure.js';
import { withDirectory } from './with-directory.js';

const GO_S = 1_800_000_000;
const STATISTICS_STEP_S = 5;

/** What the report of a large run takes: a thousand instances for ten minutes, of as much data as such a run leaves. */
export async function benchReport(small: boolean): Promise<readonly Figure[]> {
  const [instances, seconds] = small ? [20, 30] : [1000, 600];
  return withDirectory(async (directory) => {
    await writeRun(directory, instances, seconds);
    const { wallS, peakMb } = await report(directory);
    const pageMb = (await readFile(join(directory, 'report.html'))).length / 1e6;
    const name = `report of ${instances} instances, ${seconds} s`;
    return [
      plainFigure(`${name}, time`, 's', wallS, 30),
      plainFigure(`${name}, memory`, 'MB', peakMb, 600),
      plainFigure(`${name}, page`, 'MB', pageMb, 10),
    ];
  });
}

async function report(directory: string): Promise<{ readonly wallS: number; readonly peakMb: number }> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', 'report', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peakMb = 0;
  const poll = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, 'utf8')
      .then((status) => {
        const kib = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0);
        peakMb = Math.max(peakMb, (kib * 1024) / 1e6);
      })
      .catch(() => undefined);
  }, 20);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(poll);
  if (code !== 0) throw new Error(`gumby report ended with exit code ${String(code)}`);
  return { wallS: (performance.now() - startedMs) / 1000, peakMb };
}

/** An output directory as a run leaves it, with numbers that follow from instance and time. */
async function writeRun(directory: string, instances: number, seconds: number): Promise<void> {
  const ids = Array.from({ length: instances }, (_, index) => index + 1);
  const row = { state: 'stopped', failures: 0, commands: { dispatched: 1, done: 1, failed: 0 } };
  await writeFile(
    join(directory, 'run.json'),
    JSON.stringify({
      experimentName: 'bench',
      outcome: 'succeeded',
      seed: 'bench',
      startedAt: new Date(GO_S * 1000).toISOString(),
      goAt: new Date(GO_S * 1000).toISOString(),
      experimentMs: seconds * 1000,
      instances: ids.map((id) => ({ id, port: 12_000 + id, ...row })),
    }),
  );
  await writeFile(join(directory, 'process.csv'), `${PROCESS_TABLE.columns.join(',')}\n`);
  await writeFile(join(directory, 'resources.csv'), `${INSTANCE_TABLE.columns.join(',')}\n`);
  for (let second = 0; second < seconds; second++) {
    const time = (GO_S + second + 0.4).toFixed(6);
    await appendFile(
      join(directory, 'process.csv'),
      `${time}${`,${second * 1.7}`.repeat(PROCESS_TABLE.columns.length - 1)}\n`,
    );
    const rows = ids.map((id) => `${time},${id}${resourcesOf(id, second)}\n`);
    await appendFile(join(directory, 'resources.csv'), rows.join(''));
  }
  for (const id of ids) {
    await mkdir(join(directory, String(id)));
    await writeFile(join(directory, String(id), 'statistics.log'), statisticsOf(id, ids.length, seconds));
  }
}

function resourcesOf(id: number, second: number): string {
  return INSTANCE_TABLE.columns
    .slice(2)
    .map((_, column) => `,${second * (1 + (id % 97) / 50) + column}`)
    .join('');
}

function statisticsOf(id: number, instances: number, seconds: number): string {
  const lines: string[] = [];
  const write = (atS: number, key: string, value: unknown) =>
    lines.push(`${(GO_S + atS).toFixed(3)} ${id} ${key} ${JSON.stringify(value)}`);
  write(0.5, 'metric', { name: 'value', kind: 'gauge', unit: 'peers', description: 'One of the experiment' });
  for (let second = STATISTICS_STEP_S; second < seconds; second += STATISTICS_STEP_S) {
    const community = { nr_candidates: (id + second) % 30, nr_walked: id % 20, nr_stumbled: id % 15, nr_intro: id % 9 };
    write(second, 'statistics', { communities: { abc: { classification: 'BenchCommunity', ...community } } });
    const counts = Object.fromEntries(MESSAGES.map((name, at) => [name, second * (at + 1)]));
    write(second, 'statistics-successful-messages', counts);
    write(second, 'statistics-outgoing-messages', counts);
    for (let within = 0; within < STATISTICS_STEP_S; within++)
      write(second + within, 'metrics', { value: second + within });
  }
  const neighbours = Array.from({ length: 20 }, (_, at) => `127.0.0.1:${12_001 + ((id * 7 + at * 13) % instances)}`);
  write(seconds - 0.1, 'neighbours', { BenchCommunity: neighbours });
  return `${lines.join('\n')}\n`;
}

const MESSAGES = [
  'introduction-request',
  'introduction-response',
  'puncture',
  'puncture-request',
  'ping',
  'pong',
  'text',
];
