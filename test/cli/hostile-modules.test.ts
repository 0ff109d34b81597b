import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

/** Where in an instance's life a module does something hostile. */
const HOOKS = ['onModuleLoad', 'onIdReceived', 'onAllVarsReceived', 'command', 'onStop'] as const;
type Hook = (typeof HOOKS)[number];

interface Act {
  readonly code: string;
  /** The hooks that it is tried in. @default the command */
  readonly hooks?: readonly Hook[];
}

const LATER: readonly Hook[] = ['command', 'onStop'];

/**
 * What a module may do to its own instance. What is done before the start ends the run as it should (other tests); here the other
 * instances go on, so those hooks hold only what an instance survives.
 */
const ACTS: readonly Act[] = [
  // Throws and rejections, of everything that can be thrown.
  { code: "throw new Error('no')", hooks: LATER },
  { code: 'throw null', hooks: LATER },
  { code: 'throw undefined', hooks: LATER },
  { code: 'throw Object.create(null)', hooks: LATER },
  { code: "throw Symbol('s')" },
  {
    code: "throw new Proxy({}, { get() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); } })",
  },
  {
    code: "const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw new Error('getter'); } }); throw e",
  },
  { code: "const e = new Error('x'); (e as any).cause = e; throw e" },
  { code: "const e = new Error('x'); e.stack = 5 as never; (e as any).name = { a: 1 }; (e as any).code = 7; throw e" },
  { code: "throw new Error('long '.repeat(1e5))" },
  { code: "return Promise.reject(new Error('rejected'))", hooks: LATER },
  { code: "void Promise.reject(new Error('nobody listens'))", hooks: LATER },
  { code: 'void Promise.reject(undefined)' },
  { code: 'return { then() { throw new Error("thenable"); } }' },
  { code: 'return { then() {} }' },
  { code: "setTimeout(() => { throw new Error('timer'); }, 1)", hooks: LATER },
  { code: "setImmediate(() => { throw new Error('immediate'); })" },
  { code: "process.nextTick(() => { throw new Error('tick'); })" },
  { code: "queueMicrotask(() => { throw new Error('microtask'); })" },
  { code: "new (require('node:events'))().emit('error', new Error('emitted'))" },
  // Exits.
  { code: 'process.exit(0)', hooks: LATER },
  { code: 'process.exit(7)' },
  { code: 'process.exitCode = 9', hooks: HOOKS },
  { code: 'process.reallyExit(1)' },
  { code: 'process.abort()' },
  { code: "process.chdir('/')" },
  { code: "process.emit('exit', 1)" },
  { code: "process.emit('SIGINT' as never)" },
  // Loops.
  { code: 'for (;;);', hooks: LATER },
  { code: 'const again = () => void Promise.resolve().then(again); again()' },
  { code: 'const again = () => void process.nextTick(again); again()' },
  { code: 'const again = () => void setImmediate(again); again()' },
  { code: '/^(a+)+$/.test("a".repeat(40) + "b")' },
  { code: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)' },
  { code: 'const f = (): never => f(); f()' },
  // Memory.
  { code: 'const kept = []; for (;;) kept.push(new Array(1e4).fill(1))' },
  { code: "let s = 'x'; for (;;) s += s" },
  { code: 'new Array(-1)' },
  { code: 'Buffer.alloc(2 ** 40)' },
  // Messages on every port.
  { code: "parentPort.postMessage({ type: 'nope' })", hooks: HOOKS },
  { code: 'parentPort.postMessage(5)', hooks: HOOKS },
  { code: 'parentPort.postMessage(null)' },
  { code: 'parentPort.postMessage(undefined)' },
  { code: "parentPort.postMessage({ id: '1', type: 'HANDLER', name: 'throw', value: {} })" },
  { code: "parentPort.postMessage({ type: 'stopped' })" },
  { code: "parentPort.postMessage(['message', { type: 'stopped', unsettled: [] }])" },
  { code: 'for (let i = 0; i < 1e4; i++) parentPort.postMessage(i)' },
  { code: 'parentPort.close()', hooks: HOOKS },
  { code: 'parentPort.unref()' },
  { code: "parentPort.removeAllListeners('message')" },
  { code: "new (require('node:worker_threads').BroadcastChannel)('gumby').postMessage({ type: 'stopped' })" },
  {
    code: "const { MessagePort } = require('node:worker_threads'); const post = MessagePort.prototype.postMessage; MessagePort.prototype.postMessage = function () { post.call(this, { type: 'nope' }); }",
  },
  {
    code: "const { MessagePort } = require('node:worker_threads'); const post = MessagePort.prototype.postMessage; MessagePort.prototype.postMessage = function () { post.call(this, ['message', { type: 'commands-done', numbers: 'all', latenessMs: 3 }]); }",
  },
  {
    code: "const { MessagePort } = require('node:worker_threads'); const post = MessagePort.prototype.postMessage; MessagePort.prototype.postMessage = function () { post.call(this, ['call', { id: { toString: null }, value: null }]); }",
  },
  { code: "for (const port of (process as any)._getActiveHandles()) port.postMessage?.({ type: 'nope' })" },
  { code: 'for (const handle of (process as any)._getActiveHandles()) handle.close?.()' },
  { code: 'delete (workerData as any).gumby; (workerData as any).port = 5' },
  // Polluted and replaced globals.
  ...[
    'type',
    'command',
    'args',
    'kwargs',
    'id',
    'number',
    'default',
    'rest',
    'optional',
    'names',
    'weak',
    'code',
    'value',
  ].map((name) => ({ code: `(Object.prototype as any)['${name}'] = 'polluted'` })),
  { code: '(Object.prototype as any).then = (resolve: (value: number) => void) => resolve(1)' },
  { code: '(Object.prototype as any).get = () => 5; (Object.prototype as any).set = () => {}' },
  { code: "(Array.prototype as any)[2] = 'polluted'" },
  { code: 'Array.prototype.push = () => 0; Array.prototype.map = () => [];' },
  {
    code: "Object.defineProperty(Object.prototype, 'kwargs', { set() { throw new Error('setter'); }, configurable: true })",
  },
  { code: "JSON.stringify = () => '{'; JSON.parse = () => ({})" },
  { code: 'globalThis.setTimeout = (() => {}) as never; globalThis.setImmediate = (() => {}) as never' },
  { code: 'globalThis.setTimeout = ((f: () => void) => f()) as never' },
  { code: 'globalThis.clearTimeout = undefined as never; globalThis.queueMicrotask = undefined as never' },
  { code: 'Date.now = () => 0; process.hrtime.bigint = () => 0n' },
  { code: 'Map.prototype.get = () => undefined; Map.prototype.set = function () { return this; }' },
  { code: 'Promise.prototype.then = () => new Promise(() => {}) as never' },
  { code: 'globalThis.Promise = undefined as never; globalThis.Error = undefined as never' },
  { code: 'Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(globalThis)' },
  { code: 'process.stdout.write = () => { throw new Error("closed"); }' },
  { code: 'process.stdout.end(); process.stderr.destroy()' },
  { code: 'console.log = undefined as never; (globalThis as any).console = undefined' },
  {
    code: "process.removeAllListeners(); process.on('uncaughtException', () => {}); setTimeout(() => { throw new Error('hidden'); })",
  },
  { code: "process.on('unhandledRejection', () => {}); void Promise.reject(new Error('hidden'))" },
  // Its own files and sockets.
  { code: 'require("node:fs").rmSync(this.outputPath("."), { recursive: true })' },
  { code: 'void this.experiment.endpoint.close(); this.experiment.endpoint.close()' },
  { code: 'this.experiment.endpoint.send(null as never, null as never)' },
  { code: "this.experiment.statistics.event('__proto__')" },
  { code: "this.experiment.statisticsLog.write('x', BigInt(1) as never)" },
  { code: 'this.experiment.statisticsLog.close(); this.experiment.statisticsLog.write("x", 1)' },
  { code: "this.vars['x'] = this as never" },
  { code: 'Object.defineProperty(this.experiment, "clock", { value: null })' },
  { code: 'this.experiment.events.emit("stop")' },
  {
    code: 'for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(this.experiment))) (this.experiment as any)[name] = null',
  },
  { code: "new (require('node:worker_threads').Worker)('throw 1', { eval: true })" },
  { code: "new (require('node:worker_threads').Worker)('process.exit(3)', { eval: true })" },
];

interface Case extends Act {
  readonly hook: Hook;
}

const CASES: readonly Case[] = ACTS.flatMap((act) => (act.hooks ?? ['command']).map((hook) => ({ ...act, hook })));

/** An instance that does what the case says at its id; those at odd ids do nothing and are looked at. */
function moduleOf(cases: readonly Case[]): string {
  const bodyOf = (hook: Hook) =>
    cases
      .map((each, index) => (each.hook === hook ? `if (this.myId === ${2 * (index + 1)}) { ${each.code}; }` : ''))
      .join('\n');
  return `// @ts-nocheck
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { experimentCallback, ExperimentModule, staticModule } from 'gumby';
const require = createRequire('/');
@staticModule
export class HostileModule extends ExperimentModule {
  override onModuleLoad(): any { ${bodyOf('onModuleLoad')} }
  override onIdReceived(): any { ${bodyOf('onIdReceived')} }
  override onAllVarsReceived(): any { ${bodyOf('onAllVarsReceived')} }
  @experimentCallback attack(): any { ${bodyOf('command')} }
  override onStop(): any { ${bodyOf('onStop')} }
}
`;
}

/** So many in one run: each beside an instance that must not be harmed. */
const CASES_A_RUN = 30;

test('there are more than a hundred hostile acts', (t) => {
  t.true(CASES.length > 100, String(CASES.length));
});

for (let from = 0; from < CASES.length; from += CASES_A_RUN) {
  const cases = CASES.slice(from, from + CASES_A_RUN);
  test(`hostile modules harm no other instance, and nothing is lost without a word (${from}…)`, async (t) => {
    t.timeout(180_000);
    const { directory, conf, output } = await writeExperiment(t, {
      conf: `instances = ${2 * cases.length + 1}\ninstance_memory = 64\nexperiment_time = 20`,
      module: moduleOf(cases),
      scenario: '&module ./test_module.ts\n@0.2 attack\n@4 echo alive\n@5 stop',
    });
    const { stdout, stderr } = await gumby(['run', conf, '--json', '--quiet'], { cwd: directory, timeout: 150_000 });
    const result = JSON.parse(stdout) as RunResult;
    t.is((JSON.parse(await readFile(join(output, 'run.json'), 'utf8')) as RunResult).outcome, result.outcome, stderr);
    for (const { id, state, commands, failures } of result.instances) {
      const what = id % 2 === 0 ? `${cases[id / 2 - 1]?.hook}: ${cases[id / 2 - 1]?.code}` : 'a peaceful one';
      t.is(commands.dispatched + commands.unfinished >= 3, true, what);
      t.true(commands.done + commands.failed + commands.unfinished >= 3, `instance ${id}: something was lost: ${what}`);
      if (id % 2 === 0) {
        // Whoever did not do all that it was told has said why.
        const told = result.unfinished.some(({ instance }) => instance === id) || failures > 0;
        t.true(commands.done === 3 || told, `instance ${id} lost a command without a word: ${what}`);
        continue;
      }
      t.deepEqual(
        { state, failures, done: commands.done },
        { state: 'stopped', failures: 0, done: 3 },
        `instance ${id}`,
      );
      t.is(await readFile(join(output, `${String(id).padStart(5, '0')}.out`), 'utf8'), `${id} ECHO alive\n`);
      t.is(await readFile(join(output, `${String(id).padStart(5, '0')}.err`), 'utf8'), '');
    }
  });
}
