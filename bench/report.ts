import { spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INSTANCE_TABLE } from '../src/output/tables/instance-table.js';
import { PROCESS_TABLE } from '../src/output/tables/process-table.js';
import { type Figure, median, plainFigure, ratioFigure } from './figure.js';
import { withDirectory } from './with-directory.js';

const GO_S = 1_800_000_000;
const STATISTICS_STEP_S = 5;

/** Runs whose reports are timed beside their floors, and how often, because other programs disturb short measurements. */
const TIMED_RUNS = [
  { instances: 5, seconds: 75, rounds: 5, ratioMax: 1.8 },
  { instances: 300, seconds: 60, rounds: 3, ratioMax: 2.3 },
  { instances: 1000, seconds: 600, rounds: 1, ratioMax: 11 },
] as const;

/**
 * Measures what a report takes: its time as a ratio to drawing the same pictures with the library alone, and for the
 * largest run – a thousand instances for ten minutes – its bytes as well. The data are as many as such runs leave.
 */
export async function benchReport(small: boolean): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const run of small ? [SMALL] : TIMED_RUNS) figures.push(await timeBesideFloor(run));
  return [...figures, ...(await measureSizes(small ? SMALL : { instances: 1000, seconds: 600 }))];
}

const SMALL = { instances: 20, seconds: 30, rounds: 1, ratioMax: 2.3 } as const;

async function timeBesideFloor({
  instances,
  seconds,
  rounds,
  ratioMax,
}: Record<'instances' | 'seconds' | 'rounds' | 'ratioMax', number>): Promise<Figure> {
  return withDirectory(async (directory) => {
    const run = join(directory, 'run');
    await writeRun(run, instances, seconds);
    await report(run);
    const alone = join(directory, 'alone');
    await mkdir(alone);
    const reportsS: number[] = [];
    const floorsS: number[] = [];
    // Both are measured in turn, so that the machine is the same for both.
    for (let round = 0; round < rounds; round++) {
      reportsS.push((await report(run)).wallS);
      floorsS.push((await timed(['bench/draw-alone.mjs', join(run, 'graphs'), alone])).wallS);
    }
    const name = `report of ${instances} instances, ${seconds} s, beside drawing alone`;
    return ratioFigure(name, 's', median(reportsS), median(floorsS), ratioMax);
  });
}

async function measureSizes({ instances, seconds }: Record<'instances' | 'seconds', number>): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    await writeRun(directory, instances, seconds);
    const { peakMb } = await report(directory);
    const pageMb = (await readFile(join(directory, 'report.html'))).length / 1e6;
    const name = `report of ${instances} instances, ${seconds} s`;
    return [plainFigure(`${name}, memory`, 'MB', peakMb, 600), plainFigure(`${name}, page`, 'MB', pageMb, 10)];
  });
}

function report(directory: string): Promise<Timed> {
  return timed(['dist/cli.js', 'report', directory]);
}

interface Timed {
  readonly wallS: number;
  readonly peakMb: number;
}

/** The time from the start of a node process to its end. */
async function timed(args: readonly string[]): Promise<Timed> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
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
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${String(code)}`);
  return { wallS: (performance.now() - startedMs) / 1000, peakMb };
}

/** Writes an output directory as a run leaves it, with numbers that follow from instance and time. */
async function writeRun(directory: string, instances: number, seconds: number): Promise<void> {
  await mkdir(directory, { recursive: true });
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
  await writeFile(join(directory, PROCESS_TABLE.file), `${PROCESS_TABLE.columns.join(',')}\n`);
  await writeFile(join(directory, INSTANCE_TABLE.file), `${INSTANCE_TABLE.columns.join(',')}\n`);
  for (let second = 0; second < seconds; second++) {
    const time = (GO_S + second + 0.4).toFixed(6);
    await appendFile(
      join(directory, PROCESS_TABLE.file),
      `${time}${`,${second * 1.7}`.repeat(PROCESS_TABLE.columns.length - 1)}\n`,
    );
    const rows = ids.map((id) => `${time},${id}${resourcesOf(id, second)}\n`);
    await appendFile(join(directory, INSTANCE_TABLE.file), rows.join(''));
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
