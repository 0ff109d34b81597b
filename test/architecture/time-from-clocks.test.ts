import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ESLint } from 'eslint';

const ROOT = join(import.meta.dirname, '../..');
const RULE = 'gumby/time-from-clocks';

/** Each of them tells time, or waits for it, without a clock. */
const REFUSED = [
  'setTimeout(run, 5);',
  'setInterval(run, 5);',
  'setImmediate(run);',
  'clearTimeout(0);',
  'clearInterval(0);',
  'clearImmediate(undefined);',
  'globalThis.setTimeout(run, 5);',
  "globalThis['setTimeout'](run, 5);",
  'global.setInterval(run, 5);',
  '(globalThis as any).setTimeout(run, 5);',
  "(globalThis as any)['setImmediate'](run);",
  'setTimeout.call(undefined, run, 5);',
  'export const later = setTimeout;',
  'export const timers = { setTimeout };',
  'export const renamed = { wait: setTimeout };',
  'export const listed = [setInterval];',
  'export const { setTimeout: afterwards } = globalThis;',
  'export function stop() { const { clearTimeout } = globalThis; clearTimeout(0); }',
  "import { setTimeout as delay } from 'node:timers/promises';",
  "import { setImmediate as turn } from 'timers/promises';",
  "import { setInterval as repeat } from 'node:timers';",
  "export { setTimeout as wait } from 'node:timers';",
  "import nodeTimers from 'node:timers'; nodeTimers.setTimeout(run, 5);",
  "import * as promises from 'node:timers/promises'; void promises.scheduler.wait(5);",
  "void import('node:timers/promises').then((module) => module.setTimeout(5));",
  "require('node:timers').setTimeout(run, 5);",
  "process.getBuiltinModule('node:timers').setTimeout(run, 5);",
  "import { promisify } from 'node:util'; export const sleep = promisify(setTimeout);",
  'Date.now();',
  'globalThis.Date.now();',
  'export const { now } = Date;',
  'const Day = Date; Day.now();',
  'new Date();',
  'new globalThis.Date();',
  'Date();',
  'performance.now();',
  'globalThis.performance.now();',
  "import { performance as machine } from 'node:perf_hooks'; machine.now();",
  'void performance.timeOrigin;',
  "performance.mark('begin');",
  'process.hrtime();',
  'process.hrtime.bigint();',
  "import { hrtime } from 'node:process';",
  "import own from 'node:process'; own.uptime();",
  'process.uptime();',
  'export const { hrtime: monotonic } = process;',
  "import { uptime } from 'node:os';",
  'AbortSignal.timeout(5);',
];

/** None of them does. */
const ACCEPTED = [
  'queueMicrotask(run);',
  'process.nextTick(run);',
  "import { once } from 'node:events'; void once(process, 'exit');",
  'export const date = new Date(0).toISOString();',
  "Date.parse('2001-01-01'); Date.UTC(2001, 0, 1);",
  'export function own(setTimeout: (run: () => void) => void): void { setTimeout(run); }',
  'export const waiting: Parameters<typeof setTimeout>[1] = 5;',
  'export let timer: ReturnType<typeof setTimeout> | undefined;',
  "export const names = ['setTimeout', 'Date'];",
  'export const mine = { setTimeout: run, now: run }; mine.setTimeout(); mine.now();',
  'performance.eventLoopUtilization();',
  "import { sleep as pause, type Clock } from './src/runtime/clock.js'; export const wait1 = (clock: Clock) => pause(clock, 5);",
];

const RUN = 'function run(): void {}';

const eslint = new ESLint({ cwd: ROOT, ruleFilter: ({ ruleId }) => ruleId === RULE });

/** @returns the snippets, one a line, of whose lines the rule complains */
async function complaints(file: string, snippets: readonly string[]): Promise<readonly string[]> {
  const text = [...snippets, RUN].join('\n');
  const [result] = await eslint.lintText(text, { filePath: join(ROOT, file) });
  const messages = result?.messages ?? [];
  const fatal = messages.find((message) => message.fatal === true);
  if (fatal !== undefined) throw new Error(`line ${fatal.line}: ${fatal.message}`);
  const lines = new Set(messages.filter(({ ruleId }) => ruleId === RULE).map(({ line }) => line));
  return snippets.filter((_, index) => lines.has(index + 1));
}

for (const file of ['src/network/address.ts', 'modules/churn.ts', 'src/cli/main.ts'])
  test(`whatever tells time without a clock is refused, however it is spelt: ${file}`, async (t) => {
    t.deepEqual(await complaints(file, REFUSED), REFUSED);
  });

test('what only looks like it is not refused, and neither is anything outside', async (t) => {
  t.deepEqual(await complaints('src/network/address.ts', ACCEPTED), []);
  t.deepEqual(await complaints('test/network/until.ts', REFUSED), []);
});

test('the places that may go by the machine’s time are these, and each says why', (t) => {
  const files = ['src', 'modules'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const disabling = files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .filter((line) => /eslint-disable/.test(line))
      // One that names no rule turns off all of them.
      .filter((line) => line.includes(RULE) || !/eslint-disable(-next)?(-line)? [a-z@]/.test(line))
      .map((line) => ({ file, line })),
  );
  t.deepEqual(
    disabling.map(({ file }) => file),
    ['src/host/instance-timers.ts', 'src/runtime/clock.ts'],
  );
  for (const { line } of disabling) t.regex(line, /time-from-clocks -- \S+ \S+/);
});

test('real time is named only where a run, a thread, or a command of the terminal is put together', (t) => {
  const users = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'runtime/clock.ts')
    .filter((name) => /\brealClocks?\b/.test(readFileSync(join(ROOT, 'src', name), 'utf8')));
  t.deepEqual(users.sort(), ['cli/report.ts', 'runner.ts', 'worker/main.ts']);
});
