import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunResult } from '../../src/output/record/run-result.js';
import { type ExperimentFiles, writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

/** A module whose instance 2 does something bad in the command \`bad\`, while the others go on. */
function badModule(bad: string, extra = ''): string {
  return `import { ExperimentModule, experimentCallback, staticModule } from 'gumby';
@staticModule
export class BadModule extends ExperimentModule {
  ${extra}
  @experimentCallback bad() {
    ${bad}
  }
}
`;
}

const BAD_SCENARIO = '&module ./test_module.ts\n@0 bad {2}\n@0.4 echo alive\n@0.5 stop';

interface Ran {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly output: string;
  readonly result: RunResult;
}

async function run(t: ExecutionContext, experiment: ExperimentFiles): Promise<Ran> {
  const { directory, conf, output } = await writeExperiment(t, {
    conf: 'instances = 3\nsync_experiment_start_delay = 0',
    ...experiment,
  });
  const { exitCode, stdout, stderr } = await gumby(['run', conf, '--json'], { cwd: directory });
  return { exitCode, stderr, output, result: JSON.parse(stdout) as RunResult };
}

async function check(
  t: ExecutionContext,
  experiment: ExperimentFiles,
): Promise<{ exitCode: number | undefined; stderr: string }> {
  const { directory, conf } = await writeExperiment(t, experiment);
  return gumby(['run', conf], { cwd: directory });
}

/** The instances beside the bad one have done all that they were told. */
async function othersAreUnharmed(t: ExecutionContext, { output, result }: Ran): Promise<void> {
  for (const id of [1, 3]) {
    t.is(await readFile(join(output, `0000${id}.out`), 'utf8'), `${id} ECHO alive\n`);
    t.like(result.instances[id - 1], { state: 'stopped', failures: 0 });
  }
}

test('a module that does not compile: the scenario line and the line of the module are named', async (t) => {
  const { exitCode, stderr } = await check(t, {
    module: 'export class Broken {\n  hello() { return 1 +; }\n}\n',
    scenario: '&module ./test_module.ts\n@1 stop',
  });
  t.is(exitCode, 2);
  t.regex(stderr, /test\.scenario:1:9: error: the module does not compile: /);
  t.regex(stderr, /test_module\.ts:2:23: hello\(\) \{ return 1 \+; \}/);
});

test('a module that throws on load', async (t) => {
  const { exitCode, stderr } = await check(t, {
    module:
      'const config: { port: number } | undefined = undefined;\nif (true) throw new Error("no luck today");\nexport { config };',
    scenario: '&module ./test_module.ts\n@1 stop',
  });
  t.is(exitCode, 2);
  t.regex(stderr, /test\.scenario:1:9: error: the module fails while it is loaded: no luck today/);
  t.regex(stderr, /test_module\.ts:2:/);
});

test('a module that calls process.exit on load, and one that loops for ever on load', async (t) => {
  const exits = await check(t, { module: 'process.exit(0);', scenario: '&module ./test_module.ts\n@1 stop' });
  t.is(exits.exitCode, 2);
  t.regex(exits.stderr, /test\.scenario:1:9: error: .*process\.exit\(0\) was called/);
  const loops = await check(t, { module: 'for (;;);', scenario: '&module ./test_module.ts\n@1 stop' });
  t.is(loops.exitCode, 2);
  t.regex(loops.stderr, /test\.scenario:1:9: error: .*did not finish loading the modules within 10 s/);
});

test('a class that is not there, not a module, or not static', async (t) => {
  const module = `import { ExperimentModule, staticModule } from 'gumby';
export class Base extends ExperimentModule {}
@staticModule export class HelloModule extends Base {}
export class Other {}`;
  const problem = async (name: string) =>
    (await check(t, { module, scenario: `&module ./test_module.ts#${name}\n@1 stop` })).stderr;
  t.regex(await problem('HeloModule'), /exports no class HeloModule; it exports Base, HelloModule/);
  t.regex(await problem('Base'), /Base is not marked @staticModule/);
  t.regex(await problem('Other'), /Other does not extend ExperimentModule/);
});

test('a variable that has no JSON form is refused with its name, and does not arrive as something else', async (t) => {
  const module = `import { ExperimentModule, staticModule } from 'gumby';
@staticModule
export class M extends ExperimentModule {
  override onIdReceived() {
    Object.assign(this.vars, { known: { peers: this.myId === 2 ? new Map([[1, 'a']]) : [1] } });
  }
}`;
  const ran = await run(t, { module, scenario: '&module ./test_module.ts\n@0 stop' });
  t.is(ran.exitCode, 1);
  t.like(ran.result.failures[0], {
    instance: 2,
    code: 'PARAMETER_INVALID',
    message:
      'vars.known.peers cannot be published: it is an instance of Map; publish Object.fromEntries(map) or [...map]',
  });
});

for (const [how, body] of [
  ['in a callback', "throw new TypeError('x'.repeat(50_000_000));"],
  ['in a promise', "return Promise.reject(new TypeError('x'.repeat(50_000_000)));"],
  ['from a timer', "setTimeout(() => { throw new TypeError('x'.repeat(50_000_000)); });"],
] as const)
  test(`an error of 50 MB that is thrown ${how} is cut, and says how much of it is missing`, async (t) => {
    const written = await writeExperiment(t, {
      conf: 'instances = 4\nsync_experiment_start_delay = 0\ninstance_memory = 1000',
      module: badModule(body),
      scenario: BAD_SCENARIO,
    });
    const ran = await gumby(['run', written.conf], { cwd: written.directory });
    t.is(ran.exitCode, 1);
    const longest = Math.max(...ran.stdout.split('\n').map(({ length }) => length));
    t.true(longest > 400 && longest < 1000, `${longest} characters in a line`);
    t.regex(ran.stdout, /^FAILED instance 2 at [\d.]+ s.*x{400} … \(49,99\d,\d{3} more characters were cut\)$/m);
    const record = await readFile(join(written.output, 'run.json'), 'utf8');
    t.true(record.length < 100_000, `${record.length} characters in run.json`);
    const [failure] = (JSON.parse(record) as RunResult).failures;
    t.regex(failure?.message ?? '', /x{3000} … \(49,99\d,\d{3} more characters were cut\)$/);
    t.regex(failure?.stack ?? '', /test_module\.ts:\d+:\d+/);
  });

test('a callback that throws is logged with its line, counted, and fails the run, which goes on', async (t) => {
  const ran = await run(t, {
    module: badModule("throw new TypeError('no such torrent', { cause: new Error('disk') });"),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 1);
  await othersAreUnharmed(t, ran);
  t.is(ran.result.failureCount, 1);
  t.like(ran.result.failures[0], { instance: 2, message: 'no such torrent' });
  t.regex(ran.result.failures[0]?.place ?? '', /test\.scenario:2$/);
  const err = await readFile(join(ran.output, '00002.err'), 'utf8');
  t.regex(err, /test\.scenario:2: bad failed: TypeError: no such torrent/);
  t.regex(err, /test_module\.ts:6:\d+/, 'the stack names the line that the user wrote');
  t.regex(err, /caused by: Error: disk/);
  t.is(await readFile(join(ran.output, '00002.out'), 'utf8'), '2 ECHO alive\n', 'the instance itself goes on');
});

test('an asynchronous callback that fails later is logged the same, and later events do not wait for it', async (t) => {
  const bad = "return new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), 200));";
  const ran = await run(t, {
    module: badModule(bad),
    scenario: '&module ./test_module.ts\n@0 bad {2}\n@0.05 echo first {2}\n@0.4 echo alive\n@0.5 stop',
  });
  t.is(ran.exitCode, 1);
  await othersAreUnharmed(t, ran);
  t.like(ran.result.failures[0], { instance: 2, message: 'too late' });
  t.true((ran.result.failures[0]?.timeS ?? 0) >= 0.2);
  t.is(await readFile(join(ran.output, '00002.out'), 'utf8'), '2 ECHO first\n2 ECHO alive\n');
});

test('an exception outside a callback ends its instance alone', async (t) => {
  const ran = await run(t, {
    module: badModule("setTimeout(() => { throw new Error('from a timer'); }, 10);"),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 1);
  await othersAreUnharmed(t, ran);
  t.like(ran.result.instances[1], { state: 'failed' });
  t.regex(ran.result.failures[0]?.message ?? '', /instance 2 crashed: from a timer/);
  t.regex(await readFile(join(ran.output, '00002.err'), 'utf8'), /from a timer[^]*test_module\.ts:6:/);
});

test('a rejection that nobody handles ends its instance alone', async (t) => {
  const ran = await run(t, {
    module: badModule("void Promise.reject(new Error('nobody cares'));"),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 1);
  await othersAreUnharmed(t, ran);
  t.regex(ran.result.failures[0]?.message ?? '', /instance 2 crashed: nobody cares/);
});

test('process.exit ends its instance alone, and what it printed before is kept', async (t) => {
  const ran = await run(t, {
    module: badModule("console.log('last words'); process.exit(0);"),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 1);
  await othersAreUnharmed(t, ran);
  t.regex(ran.result.failures[0]?.message ?? '', /instance 2 ended itself: process\.exit\(0\) was called/);
  t.is(await readFile(join(ran.output, '00002.out'), 'utf8'), 'last words\n');
});

test('an instance that exhausts its memory is ended alone, with the limit and the option named', async (t) => {
  const bad = 'const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(kept.length));';
  const ran = await run(t, {
    conf: 'instances = 3\nsync_experiment_start_delay = 0\ninstance_memory = 32',
    module: badModule(bad),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 1);
  await othersAreUnharmed(t, ran);
  t.regex(
    ran.result.failures[0]?.message ?? '',
    /instance 2 ran out of memory: its heap reached the limit of 32 MiB \(option instance_memory\)/,
  );
});

test('a callback that loops for ever is ended by the time limit', async (t) => {
  const ran = await run(t, {
    conf: 'instances = 3\nsync_experiment_start_delay = 0\nexperiment_time = 1',
    module: badModule('for (;;);'),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 3);
  t.is(ran.result.outcome, 'time-limit');
  await othersAreUnharmed(t, ran);
  t.true(
    ran.result.failures.some(({ message }) =>
      /limit of 1 s \(experiment_time\) was reached with instance 2 still running/.test(message),
    ),
  );
});

test('a constructor that throws: the run does not start, and the instance is named', async (t) => {
  const ran = await run(t, {
    module: badModule(
      '',
      "constructor(experiment: never) { super(experiment); if (this.myId === 2) throw new Error('not me'); }",
    ),
    scenario: BAD_SCENARIO,
  });
  t.is(ran.exitCode, 1);
  t.like(ran.result.failures[0], { instance: 2, message: 'not me' });
  t.is(ran.result.commands.done, 0);
  t.regex(await readFile(join(ran.output, '00002.err'), 'utf8'), /not me[^]*test_module\.ts:4:/);
});

test('when one of many cannot start, no further one is started and none is left', async (t) => {
  const extra = "constructor(experiment: never) { super(experiment); if (this.myId === 2) throw new Error('not me'); }";
  const conf = 'instances = 40\nsync_experiment_start_delay = 0';
  const ran = await run(t, { conf, module: badModule('', extra), scenario: BAD_SCENARIO });
  t.is(ran.exitCode, 1);
  const states = new Set(ran.result.instances.map(({ state }) => state));
  t.deepEqual([...states].sort(), ['failed', 'stopped', 'waiting']);
  t.is(ran.result.failureCount, 1);
});

test('an instance that never becomes ready fails the run after 30 s without progress, and is named', async (t) => {
  const hang = 'override onIdReceived(): Promise<void> | void { if (this.myId === 2) return new Promise(() => {}); }';
  const ran = await run(t, { module: badModule('', hang), scenario: BAD_SCENARIO });
  t.is(ran.exitCode, 1);
  t.like(
    ran.result.failures.find(({ code }) => code === 'SYNCHRONISATION_STALLED'),
    {
      message: 'no instance made progress for 30 s; 1 of 3 are missing (instance 2: BadModule.onIdReceived)',
    },
  );
});

test('an instance that prints without end fills its file and not the memory', async (t) => {
  const bad = "const line = 'x'.repeat(1 << 20); for (let i = 0; i < 1024; i++) console.log(line);";
  const ran = await run(t, {
    module: badModule(bad),
    scenario: '&module ./test_module.ts\n@0 bad {2}\n@0.4 echo alive\n@0.5 stop',
    conf: 'instances = 3\nsync_experiment_start_delay = 0\ninstance_memory = 64',
  });
  t.is(ran.exitCode, 0, JSON.stringify(ran.result.failures));
  t.is((await stat(join(ran.output, '00002.out'))).size, 1024 * ((1 << 20) + 1) + '2 ECHO alive\n'.length);
  await othersAreUnharmed(t, ran);
});
