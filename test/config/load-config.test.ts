import { constant } from '../../src/network/links/distribution.js';
import { DEFAULT_LINK } from '../../src/network/links/link-settings.js';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type ConfigResult, loadConfig, type LoadConfigInit } from '../../src/config/load-config.js';
import { OPTIONS } from '../../src/config/options.js';
import { formatDiagnostic } from '../../src/runtime/diagnostic.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Loaded extends ConfigResult {
  readonly directory: string;
  /** `severity file:line:column message (hint)`, the file by its name. */
  readonly said: readonly string[];
}

/** What a run has whose configuration says nothing of NATs. */
const NO_NATS = { settings: { timeoutMs: 120_000, refreshesInbound: false, hairpins: false }, assignments: [] };

const MINIMAL = 'experiment_name = test\nscenario_file = test.scenario\n';

/** Loads `experiment/test.conf` of a new project directory that also holds a scenario. */
async function load(t: ExecutionContext, conf: string, more: Partial<LoadConfigInit> = {}): Promise<Loaded> {
  const directory = more.projectDir ?? (await temporaryDirectory(t));
  await mkdir(join(directory, 'experiment'), { recursive: true });
  await writeFile(join(directory, 'experiment/test.conf'), conf);
  await writeFile(join(directory, 'experiment/test.scenario'), '@0 stop\n');
  const result = await loadConfig({
    confFile: 'experiment/test.conf',
    projectDir: directory,
    environment: {},
    set: [],
    user: 'ann',
    isPortFree: async () => true,
    ...more,
  });
  const said = result.diagnostics.map(({ severity, file, line, column, message, hint }) =>
    [
      severity,
      [file.replace(`${directory}/experiment/`, ''), line, column].filter((part) => part !== undefined).join(':'),
      message,
      hint ?? '',
    ]
      .join('|')
      .replaceAll(directory, '~'),
  );
  return { ...result, directory, said };
}

test('a configuration of three lines has every default', async (t) => {
  const { config, said, directory } = await load(t, `${MINIMAL}instances = 2\n`);
  t.deepEqual(said, []);
  const experimentDir = join(directory, 'experiment');
  const { variables, ...rest } = config ?? t.fail();
  t.deepEqual(rest, {
    confFile: join(experimentDir, 'test.conf'),
    experimentDir,
    projectDir: directory,
    outputDir: join(directory, 'output'),
    scenarioFile: join(experimentDir, 'test.scenario'),
    experimentName: 'test',
    experimentTimeMs: 0,
    startDelayMs: 1000,
    instanceCount: 2,
    report: 'all',
    graphs: ['svg'],
    monitorIntervalMs: 1000,
    limits: {
      event_lateness: { degraded: 100, invalid: 1000 },
      timer_lateness: { degraded: 100, invalid: 1000 },
      loop_delay: { degraded: 500, invalid: 3000 },
      receive_drops: { degraded: 0.1, invalid: 2 },
      send_errors: { degraded: 0.1, invalid: 2 },
      cpu: { degraded: 90, invalid: Infinity },
      gc_pause: { degraded: 200, invalid: 2000 },
    },
    instancesPerWorker: 1,
    world: {
      clock: 'real',
      clockSpeed: Infinity,
      epochMs: Date.UTC(2026, 0, 1),
      network: 'udp',
      links: { ...DEFAULT_LINK, latency: constant(0) },
      setsLinks: false,
      bandwidth: { up: Infinity, down: Infinity, queue: 64_000 },
      nats: NO_NATS,
      traces: false,
      windowLimitMs: 30_000,
    },
    instanceMemoryMb: 256,
    localSetup: { kind: 'none' },
    localInstances: { kind: 'instances' },
    postProcess: { kind: 'none' },
    synchronised: true,
    tracker: { command: { kind: 'none' }, host: '127.0.0.1', crypto: 'ECCrypto', count: 4 },
  });
  t.like(variables, {
    EXPERIMENT_NAME: 'test',
    EXPERIMENT_TIME: '0',
    SCENARIO_FILE: 'test.scenario',
    INSTANCES: '2',
    SYNC_SUBSCRIBERS_AMOUNT: '2',
    DAS4_INSTANCES_TO_RUN: '2',
    PROJECT_DIR: directory,
    EXPERIMENT_DIR: experimentDir,
    OUTPUT_DIR: join(directory, 'output'),
  });
});

test('a limit is two numbers, the lower first, or none', async (t) => {
  const { config } = await load(t, `${MINIMAL}limit_cpu = 50, 95.5\nlimit_gc_pause = None, none\n`, {
    set: ['limit_loop_delay=1,2'],
  });
  t.deepEqual(config?.limits.cpu, { degraded: 50, invalid: 95.5 });
  t.deepEqual(config?.limits.gc_pause, { degraded: Infinity, invalid: Infinity });
  t.deepEqual(config?.limits.loop_delay, { degraded: 1, invalid: 2 });
  for (const value of ['5', '5, 4', '5, x', '-1, 4', '1, 2, 3']) {
    const { said } = await load(t, `${MINIMAL}limit_cpu = ${value}\n`);
    t.is(said.length, 1, value);
    t.regex(said[0] ?? '', /limit_cpu is ".*expected two numbers, the lower first, or none/s);
  }
});

test('the pictures of a report are some of those that there are, or none', async (t) => {
  const graphs = async (value: string) => (await load(t, `${MINIMAL}graphs = ${value}\n`)).config?.graphs;
  t.deepEqual(await graphs('png, svg'), ['svg', 'png']);
  t.deepEqual(await graphs('"svg, png"'), ['svg', 'png']);
  t.deepEqual(await graphs('png'), ['png']);
  t.deepEqual(await graphs('none'), []);
  for (const value of ['pdf', 'svg, none', 'svg, pdf', 'svg, "", png']) {
    const { said } = await load(t, `${MINIMAL}graphs = ${value}\n`);
    t.is(said.length, 1, value);
    t.regex(said[0] ?? '', /graphs is ".*expected some of svg, png, or none/s);
  }
});

test('who looks more often than ten times a second sees only the looking', async (t) => {
  const { said } = await load(t, `${MINIMAL}monitor_interval = 0\n`);
  t.regex(said.join('\n'), /monitor_interval is "0".*0\.1 seconds at least/s);
});

test('--set is stronger than the environment, that than the file, and that than the default', async (t) => {
  const sources = {
    environment: { GUMBY_B: 'environment', gumby_d: 'no', B: 'no', GUMBY_C: 'environment', GUMBY_: 'no' },
    set: ['c=set=1', 'c=set=2'],
  };
  const { config } = await load(t, `${MINIMAL}a = file\nb = file\nc = file\n`, sources);
  t.like(config?.variables, { A: 'file', B: 'environment', C: 'set=2', INSTANCES: '1' });
  t.false('D' in (config?.variables ?? {}));
  const aliased = await load(t, `${MINIMAL}instances = 3\n`, { environment: { GUMBY_INSTANCES_TO_RUN: '4' } });
  t.is(aliased.config?.instanceCount, 4);
  t.like(aliased.config?.variables, { INSTANCES: '4', INSTANCES_TO_RUN: '4' });
});

test('unknown keys are exported, lists with commas between their members', async (t) => {
  const { config, said } = await load(t, `${MINIMAL}PythonOptimize = yup\nnodes = a, "b c",\n`);
  t.deepEqual(said, []);
  t.like(config?.variables, { PYTHONOPTIMIZE: 'yup', NODES: 'a,b c' });
});

test('a key that is close to a known one is warned of, with the place and the suggestion', async (t) => {
  const { config, said } = await load(t, `${MINIMAL} experiment_tme = 5\n`, { set: ['instance=3'] });
  t.not(config, undefined);
  t.deepEqual(said, [
    'warning|test.conf:3:2|"experiment_tme" is no option of this program|did you mean "experiment_time"?',
    'warning|--set|"instance" is no option of this program|did you mean "instances"?',
  ]);
});

const WRONG: readonly (readonly [conf: string, said: string])[] = [
  ['instances = many', 'error|test.conf:3:13|instances is "many"|expected an integer from 1 to 100000'],
  ['instances = 0', 'error|test.conf:3:13|instances is "0"|expected an integer from 1 to 100000'],
  ['instances = 2.5', 'error|test.conf:3:13|instances is "2.5"|expected an integer from 1 to 100000'],
  ['experiment_time = -1', 'error|test.conf:3:19|experiment_time is "-1"|expected seconds: a number from 0 to 2147483'],
  [
    'experiment_time = 99999999',
    'error|test.conf:3:19|experiment_time is "99999999"|expected seconds: a number from 0 to 2147483',
  ],
  [
    'sync_experiment_start_delay = "1 s"',
    'error|test.conf:3:31|sync_experiment_start_delay is "1 s"|expected seconds: a number from 0 to 2147483',
  ],
  [
    'use_local_venv = maybe',
    'error|test.conf:3:18|use_local_venv is "maybe"|expected true, yes, on, 1 or false, no, off, 0',
  ],
  ['with_systemtap = 2', 'error|test.conf:3:18|with_systemtap is "2"|expected true, yes, on, 1 or false, no, off, 0'],
  [
    'sync_port = 70000',
    'error|test.conf:3:13|sync_port is "70000"|expected a port from 1 to 65535, or __unique_port__',
  ],
  [
    'tracker_port = 65533',
    'error|test.conf:3:16|tracker_port is "65533"|expected a port from 1 to 65532, or __unique_port__',
  ],
  [
    'tracker_crypto = Rot13',
    'error|test.conf:3:18|tracker_crypto is "Rot13"|expected one of ECCrypto, NoVerifyCrypto, NoCrypto',
  ],
  ['das4_node_amount = few', 'error|test.conf:3:20|das4_node_amount is "few"|expected an integer of at least 0'],
  [
    'local_setup_cmd = a, b',
    'error|test.conf:3:19|local_setup_cmd is a list, expected one value|quote a value that has commas in it',
  ],
  [
    'local_setup_cmd = das4_setup.sh && ls',
    'error|test.conf:3:19|das4_setup.sh is built in, and cannot be part of a longer command line|leave it out, or write it by itself',
  ],
  [
    'local_instance_cmd = "process_guard.py -t 5"',
    'error|test.conf:3:22|process_guard.py is given no command|process_guard.py takes -c COMMAND (repeated), -n COUNT, -f FILE, -t SECONDS, -T, -m DIR, -o DIR, -i SECONDS, --network',
  ],
  [
    'local_instance_cmd = cd x; launch_scenario.py',
    'error|test.conf:3:22|launch_scenario.py is built in, and cannot be part of a longer command line|write it by itself',
  ],
  [
    'instances = 3\nlocal_instance_cmd = process_guard.py -c launch_scenario.py -n 2',
    'error|test.conf:3:13|instances is 3, but local_instance_cmd starts launch_scenario.py 2 times|make the two agree, or leave one of them out',
  ],
  [
    'sync_subscribers_amount = 3\nINSTANCES = 4',
    'error|test.conf:4:13|instances is 4, but its other name sync_subscribers_amount in line 3 is 3|keep one of the two',
  ],
  ['[das4]', 'error|test.conf:3:1|a configuration has no sections|remove the line: keys stand at the top level'],
];

for (const [conf, expected] of WRONG)
  test(`wrong: ${conf.replaceAll('\n', ' / ')}`, async (t) => {
    const { config, said } = await load(t, `${MINIMAL}${conf}\n`);
    t.deepEqual(said, [expected]);
    t.is(config, undefined);
  });

test('what is wrong with --set and the environment is said to be there', async (t) => {
  const { said } = await load(t, MINIMAL, {
    set: ['instances', '=5', 'instances=x'],
    environment: { GUMBY_EXPERIMENT_TIME: 'soon' },
  });
  t.deepEqual(said, [
    'error|--set|"instances" is no KEY=VALUE|write --set experiment_time=90',
    'error|--set|"=5" is no KEY=VALUE|write --set experiment_time=90',
    'error|--set|instances is "x"|expected an integer from 1 to 100000',
    'error|environment|experiment_time is "soon"|expected seconds: a number from 0 to 2147483',
  ]);
});

test('errors of syntax, value and file come together, each shown with its line', async (t) => {
  const { diagnostics, said } = await load(
    t,
    "experiment_time = soon\nscenario_file = gone.scenario\nbroken\nx = 'y\n",
  );
  t.deepEqual(said, [
    'error|test.conf:3:1|this is no "key = value" line|write key = value, or # before a comment',
    "error|test.conf:4:5|the quote is never closed|close it with '",
    'error|test.conf|experiment_name is missing|add experiment_name = …: it names the run in outputs and reports',
    'error|test.conf:2:17|there is no scenario file ~/experiment/gone.scenario|a relative path starts at the configuration file',
    'error|test.conf:1:19|experiment_time is "soon"|expected seconds: a number from 0 to 2147483',
  ]);
  t.true(
    formatDiagnostic(diagnostics[4] ?? t.fail()).includes('    experiment_time = soon\n                      ^~~~'),
  );
});

test('two names of one option may say the same', async (t) => {
  const { config, said } = await load(t, `${MINIMAL}instances = 3\nsync_subscribers_amount = 3\n`);
  t.deepEqual(said, []);
  t.is(config?.instanceCount, 3);
});

test('an empty value counts as not given, but an empty experiment_server_cmd means none', async (t) => {
  const { config, said } = await load(
    t,
    `${MINIMAL}experiment_time =\ninstances = ""\noutput_dir =\nexperiment_server_cmd = ''\n`,
  );
  t.deepEqual(said, []);
  t.like(config, { experimentTimeMs: 0, instanceCount: 1, synchronised: false });
  t.regex(config?.outputDir ?? '', /\/output$/);
  t.is(config?.variables['EXPERIMENT_TIME'], '0');
});

test('output_dir is relative to the project, absolute ones stay, and OUTPUT_DIR is always absolute', async (t) => {
  const { config, directory } = await load(t, `${MINIMAL}output_dir = out/here\n`);
  t.is(config?.outputDir, join(directory, 'out/here'));
  t.is(config?.variables['OUTPUT_DIR'], join(directory, 'out/here'));
  t.is((await load(t, MINIMAL, { set: ['output_dir=/tmp/elsewhere'] })).config?.outputDir, '/tmp/elsewhere');
});

test('the limit of a guard around instances counts, the shorter of the two; around other commands it does not', async (t) => {
  const limit = async (conf: string) => (await load(t, `${MINIMAL}${conf}\n`)).config?.experimentTimeMs;
  t.is(await limit('experiment_time = 1.5'), 1500);
  t.is(await limit('local_instance_cmd = process_guard.py -c launch_scenario.py -t 7'), 7000);
  t.is(await limit('experiment_time = 5\nlocal_instance_cmd = process_guard.py -c launch_scenario.py -t 7'), 5000);
  t.is(
    await limit('experiment_time = 9\nlocal_instance_cmd = process_guard.py -c launch_scenario.py -c ls -t 7'),
    7000,
  );
  t.is(await limit('experiment_time = 9\nlocal_instance_cmd = process_guard.py -c ls -t 7'), 9000);
});

test('only external commands need no scenario, and count no instances', async (t) => {
  const { config, said } = await load(
    t,
    'experiment_name = guarded\nlocal_instance_cmd = process_guard.py -c "yes > /dev/null" -t 10 -o $OUTPUT_DIR\n',
  );
  t.deepEqual(said, []);
  t.like(config, { instanceCount: 0, localInstances: { kind: 'guard', count: 0 } });
  t.false('scenarioFile' in (config ?? {}));
  t.deepEqual((await load(t, 'experiment_name = x\n')).said, [
    'error|test.conf|the instances have no scenario_file to run|add scenario_file = NAME.scenario',
  ]);
});

test('a directory with a space in its name is one word of a guard', async (t) => {
  const projectDir = join(await temporaryDirectory(t), 'my project');
  const { config } = await load(
    t,
    `${MINIMAL}local_instance_cmd = process_guard.py -c launch_scenario.py -o $OUTPUT_DIR -m $OUTPUT_DIR\n`,
    { projectDir },
  );
  t.like(config?.localInstances, { kind: 'instances', guard: { outputDir: join(projectDir, 'output') } });
});

test('the file of a guard is read unless a set-up command may write it', async (t) => {
  const guard = 'local_instance_cmd = process_guard.py -f $EXPERIMENT_DIR/jobs\n';
  const projectDir = await temporaryDirectory(t);
  t.regex(
    (await load(t, `${MINIMAL}${guard}`, { projectDir })).said.join(),
    /the file of commands ~\/experiment\/jobs \(process_guard.py -f\) cannot be read: ENOENT/,
  );
  t.like((await load(t, `${MINIMAL}${guard}local_setup_cmd = make jobs\n`, { projectDir })).config?.localInstances, {
    kind: 'guard',
    guard: { commandsFile: join(projectDir, 'experiment/jobs') },
  });
  await writeFile(join(projectDir, 'experiment/jobs'), '# jobs\nlaunch_scenario.py\n\n  ls -l\n');
  const { config } = await load(t, `${MINIMAL}${guard}`, { projectDir });
  t.like(config, { instanceCount: 1, localInstances: { kind: 'guard', count: 1 } });
});

test('unique ports differ by key, are exported under every name, and never overlap', async (t) => {
  const conf = `${MINIMAL}sync_host = 127.0.0.1\nsync_port = __unique_port__\ntracker_port = __unique_port__\nmanhole_port = __unique_port__\n`;
  const { config, said } = await load(t, conf);
  t.deepEqual(said, []);
  const { syncHost, syncPort, tracker, variables } = config ?? t.fail();
  t.is(syncHost, '127.0.0.1');
  t.like(variables, { SYNC_PORT: String(syncPort), TRACKER_PORT: String(tracker.port) });
  t.regex(variables['MANHOLE_PORT'] ?? '', /^[23]\d{4}$/);
  t.is(new Set([variables['SYNC_PORT'], variables['TRACKER_PORT'], variables['MANHOLE_PORT']]).size, 3);
});

test('each port is probed for what it is used for, and one that is taken is reported', async (t) => {
  const probed = new Map<number, Set<string>>();
  let first = true;
  const { config, said } = await load(
    t,
    `${MINIMAL}sync_port = __unique_port__\ntracker_port = __unique_port__\nother = __unique_port__\n`,
    {
      isPortFree: async (port, protocol) => {
        probed.set(port, (probed.get(port) ?? new Set()).add(protocol));
        const free = !first;
        first = false;
        return free;
      },
    },
  );
  const { syncPort = 0, tracker, variables } = config ?? t.fail();
  t.deepEqual(said, [`warning|test.conf:3:13|port ${syncPort - 1} of sync_port is taken: using ${syncPort}|`]);
  t.deepEqual([...(probed.get(syncPort) ?? [])], ['tcp']);
  for (let index = 0; index < tracker.count; index++)
    t.deepEqual([...(probed.get((tracker.port ?? 0) + index) ?? [])], ['udp']);
  t.deepEqual([...(probed.get(Number(variables['OTHER'])) ?? [])], ['tcp', 'udp']);
});

test('no free port at all is an error', async (t) => {
  const { said } = await load(t, `${MINIMAL}sync_port = __unique_port__\n`, { isPortFree: async () => false });
  t.deepEqual(said, [
    'error|test.conf:3:13|no free port was found for sync_port|give a number instead of __unique_port__',
  ]);
});

test('there is a tracker for every 1,000 instances, and never less than four', async (t) => {
  const trackers = async (count: number) =>
    (await load(t, `${MINIMAL}tracker_cmd = run_tracker.sh\ninstances = ${count}\n`)).config?.tracker;
  t.like(await trackers(4000), { count: 4, command: { kind: 'built-in' } });
  t.like(await trackers(4001), { count: 5 });
});

test('what asks for a cluster is said, with its place', async (t) => {
  const asks = async (conf: string) => (await load(t, `${MINIMAL}${conf}\n`)).config?.cluster;
  t.like(await asks('local_instance_cmd = das4_reserve_and_run.sh'), {
    severity: 'error',
    line: 3,
    message: 'das4_reserve_and_run.sh asks for a run on a cluster, which is not available yet',
  });
  t.like(await asks('local_setup_cmd = scripts/das4_setup.sh'), { line: 3, column: 19 });
  t.like(await asks("head_nodes = 'localhost',"), {
    line: 3,
    message: 'head_nodes asks for a run on a cluster, which is not available yet',
  });
  t.is(await asks('head_nodes = ,'), undefined);
  t.is(await asks('head_nodes ='), undefined);
});

test('what has no meaning here is noted once', async (t) => {
  const { said } = await load(
    t,
    `${MINIMAL}use_local_venv = FALSE\nuse_remote_venv = true\nvirtualenv_dir = /venv\nexperiment_server_cmd = my_server.py\n`,
  );
  t.deepEqual(said, [
    'warning|test.conf:4:19|use_remote_venv has no meaning for TypeScript modules; it still applies to external Python commands|',
    'warning|test.conf:6:25|"my_server.py" is not run: the built-in coordinator takes its place|',
  ]);
});

test('a configuration that cannot be read is a diagnostic', async (t) => {
  const message = async (confFile: string) => (await load(t, MINIMAL, { confFile })).said[0];
  t.regex((await message('gone.conf')) ?? '', /there is no such configuration file/);
  t.regex((await message('experiment')) ?? '', /is a directory/);
  const projectDir = await temporaryDirectory(t);
  await writeFile(join(projectDir, 'latin.conf'), Buffer.from([0x61, 0x3d, 0xe9]));
  t.regex((await load(t, MINIMAL, { projectDir, confFile: 'latin.conf' })).said[0] ?? '', /is not UTF-8 text/);
});

test('no two options share a name, and every default is a legal value', async (t) => {
  const names = OPTIONS.flatMap(({ key, aliases }) => [key, ...aliases]);
  t.is(new Set(names).size, names.length);
  const defaults = OPTIONS.flatMap((option) =>
    option.default === undefined ? [] : [`${option.key} = "${option.default}"`],
  );
  t.deepEqual((await load(t, `${MINIMAL}${defaults.join('\n')}\n`)).said, []);
});

const FIVE = `process_guard.py ${'-c launch_scenario.py '.repeat(5)}-t 90`;

test('of two numbers of instances that do not agree, the one from the stronger source counts, with a note', async (t) => {
  const conf = `${MINIMAL}sync_subscribers_amount = 5\nlocal_instance_cmd = ${FIVE}\n`;
  const at = 'local_instance_cmd starts launch_scenario.py 5 times, but instances is';
  for (const [more, count, said] of [
    [{}, 5, []],
    [{ set: ['instances=5'] }, 5, []],
    [{ set: ['instances=100'] }, 100, [`warning|test.conf:4:22|${at} 100 (--set), which is stronger|`]],
    [{ set: ['instances_to_run=1'] }, 1, [`warning|test.conf:4:22|${at} 1 (--set), which is stronger|`]],
    [
      { environment: { GUMBY_SYNC_SUBSCRIBERS_AMOUNT: '7' } },
      7,
      [`warning|test.conf:4:22|${at} 7 (environment), which is stronger|`],
    ],
    [
      { environment: { GUMBY_LOCAL_INSTANCE_CMD: FIVE }, set: ['instances=9'] },
      9,
      [`warning|environment|${at} 9 (--set), which is stronger|`],
    ],
    [
      { environment: { GUMBY_INSTANCES: '9' }, set: [`local_instance_cmd=${FIVE}`] },
      5,
      [
        'warning|environment|instances is 9, but local_instance_cmd starts launch_scenario.py 5 times (--set), which is stronger|',
      ],
    ],
    [
      { set: ['local_instance_cmd=process_guard.py -c launch_scenario.py'] },
      1,
      [
        'warning|test.conf:3:27|instances is 5, but local_instance_cmd starts launch_scenario.py once (--set), which is stronger|',
      ],
    ],
    [{ set: ['local_instance_cmd=launch_scenario.py', 'instances=3'] }, 3, []],
  ] as const) {
    const loaded = await load(t, conf, more);
    t.deepEqual(loaded.said, said, JSON.stringify(more));
    t.is(loaded.config?.instanceCount, count);
    for (const name of ['INSTANCES', 'SYNC_SUBSCRIBERS_AMOUNT', 'DAS4_INSTANCES_TO_RUN'])
      t.is(loaded.config?.variables[name], String(count));
  }
});

test('two numbers of instances in one and the same source are a mistake, wherever that is', async (t) => {
  const message = (place: string) =>
    `error|${place}|instances is 2, but local_instance_cmd starts launch_scenario.py 5 times|make the two agree, or leave one of them out`;
  const given = { GUMBY_INSTANCES: '2', GUMBY_LOCAL_INSTANCE_CMD: FIVE };
  t.deepEqual((await load(t, MINIMAL, { environment: given })).said, [message('environment')]);
  const set = ['instances=2', `local_instance_cmd=${FIVE}`];
  t.deepEqual((await load(t, MINIMAL, { set })).said, [message('--set')]);
});

test('a number of instances for a run that starts none is not left without a word', async (t) => {
  const conf = `${MINIMAL}instances = 3\nlocal_instance_cmd = process_guard.py -c ls\n`;
  t.deepEqual((await load(t, conf)).said, []);
  const { said, config } = await load(t, conf, { set: ['instances=100'] });
  t.deepEqual(said, [
    'warning|--set|instances is 100, but local_instance_cmd starts no launch_scenario.py: no instance is started|',
  ]);
  t.is(config?.instanceCount, 0);
});

test('a configuration that is no text, and one that would be read for ever, are told at once', async (t) => {
  const projectDir = await temporaryDirectory(t);
  await writeFile(join(projectDir, 'program'), Buffer.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 0xff));
  execFileSync('mkfifo', [join(projectDir, 'pipe')]);
  for (const [confFile, message] of [
    ['program', 'it is a binary file, no text'],
    ['pipe', 'it is no regular file'],
    ['/dev/zero', 'it is no regular file'],
  ] as const) {
    const { said, config } = await load(t, MINIMAL, { projectDir, confFile });
    t.is(config, undefined);
    t.is(said.length, 1);
    t.true(said[0]?.includes(`the configuration cannot be read: ${message}`), said[0]);
  }
  const guarded = await load(t, `${MINIMAL}local_instance_cmd = process_guard.py -f pipe\n`, { projectDir });
  t.true(
    guarded.said[0]?.includes('the file of commands ~/pipe (process_guard.py -f) cannot be read: it is no regular'),
  );
});

test('virtual time brings an emulated network, and as many threads as help', async (t) => {
  const conf = `${MINIMAL}clock = virtual\nclock_speed = 2.5\nclock_epoch = 2001-02-03\nlink_latency = 0.1\nwindow_limit = 5\n`;
  const { config, said } = await load(t, conf);
  t.deepEqual(said, []);
  t.deepEqual(config?.world, {
    clock: 'virtual',
    clockSpeed: 2.5,
    epochMs: Date.UTC(2001, 1, 3),
    network: 'emulated',
    setsLinks: true,
    links: { ...DEFAULT_LINK, latency: constant(0.1) },
    bandwidth: { up: Infinity, down: Infinity, queue: 64_000 },
    nats: NO_NATS,
    traces: false,
    windowLimitMs: 5000,
  });
  t.is(config?.instancesPerWorker, 'auto');
  t.is(config?.variables['NETWORK'], 'emulated');
});

for (const [line, expected] of [
  ['clock = virtuel', /clock is "virtuel"\|expected one of real, virtual/],
  ['clock = virtual\nnetwork = udp', /network is "udp" with clock = virtual.*know nothing of virtual time/],
  ['nat = symmetric {1}', /nat needs the emulated network, and network is "udp"\|set network = emulated/],
  ['link_mtu = 1500', /link_mtu needs the emulated network/],
  ['network = emulated\nlocal_instance_cmd = ./own-peer', /local_instance_cmd is an external command, with network/],
  ['link_loss = 5%\ntracker_cmd = ./own-tracker', /tracker_cmd is an external command, and links are set/],
  ['clock = virtual\nclock_speed = 0', /clock_speed is "0"\|expected max, or how many/],
  ['clock = virtual\nclock_speed = fast', /clock_speed is "fast"/],
  ['clock = virtual\nclock_speed = -1', /clock_speed is "-1"/],
  ['clock = virtual\nclock_epoch = yesterday', /clock_epoch is "yesterday"\|expected a date/],
  ['clock = virtual\nclock_epoch = 2026-01-01T00:00', /clock_epoch is/],
  ['clock = virtual\nclock_epoch = 2026-13-01', /clock_epoch is/],
  ['clock = virtual\nlink_latency = 0', /link_latency is "0"\|expected milliseconds from 0\.1 to/],
  ['clock = virtual\nlink_latency = -5', /link_latency is "-5"/],
  ['clock = virtual\nlink_latency = 1e9', /link_latency is "1e9"/],
  ['clock = virtual\nlink_latency = slow', /link_latency is "slow"/],
  ['clock = virtual\nwindow_limit = 0', /window_limit is "0"\|expected 1 second at least/],
  [
    'clock = virtual\nnat = symetric {1}',
    /nat is "symetric \{1\}": there is no NAT "symetric": did you mean "symmetric"/,
  ],
  ['clock = virtual\nnat = symmetric {1}, restricted {1}', /instance 1 is in two groups\|an instance has one NAT/],
  ['clock = virtual\nnat = symmetric {3}', /instance 3 is outside 1\.\.1\|instances are from 1 to 1/],
  ['clock = virtual\nnat_timeout = 0', /nat_timeout is "0"\|expected 1 second at least/],
  ['clock = virtual\nnat_refresh = inbound', /nat_refresh is "inbound"\|expected one of outbound, both/],
  ['clock = virtual\nnat_hairpinning = 2', /nat_hairpinning is "2"/],
  ['clock = virtual\ntracker_cmd = ./own-tracker', /tracker_cmd is an external command, with clock = virtual/],
  [
    'clock = virtual\nlocal_instance_cmd = ./own-peer',
    /local_instance_cmd is an external command, with clock = virtual/,
  ],
] as const)
  test(`time and network that cannot be are errors: ${line.replace('\n', ', ')}`, async (t) => {
    const { config, said } = await load(t, `${MINIMAL}${line}\n`);
    t.is(config, undefined);
    t.is(said.length, 1);
    t.regex(said[0] ?? '', /^error\|test\.conf:\d+/);
    t.regex(said[0] ?? '', expected);
  });

test('instances live in regions of the world without a file', async (t) => {
  const conf = `${MINIMAL}clock = virtual\nlink_matrix = world\nregions = tokyo {1}\n`;
  const { config, said } = await load(t, conf);
  t.deepEqual(said, []);
  const { names = [], oneWayMs = [], groups } = config?.world.regions ?? {};
  t.is(oneWayMs[names.indexOf('tokyo')]?.[names.indexOf('sydney')], 51.5);
  t.deepEqual(groups, [{ region: names.indexOf('tokyo'), group: [{ from: 1, to: 1 }] }]);
  const wrong = await load(t, `${MINIMAL}clock = virtual\nlink_matrix = world\nregions = tokio {1}\n`);
  t.regex(wrong.said[0] ?? '', /there is no region "tokio": did you mean "tokyo"\?/);
  const missing = await load(t, `${MINIMAL}clock = virtual\nlink_matrix = worlds\n`);
  t.regex(missing.said[0] ?? '', /link_matrix cannot be read: there is no .*worlds\|name a file .* or "world"/);
});

test('NATs stand before groups of instances', async (t) => {
  const conf = `${MINIMAL}clock = virtual\nnat = symmetric {1} shared\nnat_timeout = 30\nnat_refresh = both\nnat_hairpinning = on\n`;
  const { config, said } = await load(t, conf);
  t.deepEqual(said, []);
  t.deepEqual(config?.world.nats, {
    settings: { timeoutMs: 30_000, refreshesInbound: true, hairpins: true },
    assignments: [{ type: 'symmetric', group: [{ from: 1, to: 1 }], isShared: true }],
  });
});

test('what means something in virtual time alone is a warning in real time', async (t) => {
  const { said } = await load(t, `${MINIMAL}clock_speed = 1\nwindow_limit = 30\n`);
  t.is(said.length, 1);
  t.regex(said[0] ?? '', /^warning\|.*clock_speed means nothing with clock = real\|set clock = virtual/);
});

test('links over sockets of the system add what is asked for, and nothing else', async (t) => {
  const worldOf = async (lines: string) => {
    const { config, said } = await load(t, `${MINIMAL}${lines}`);
    t.deepEqual(said, []);
    return config?.world;
  };
  t.like(await worldOf(''), { network: 'udp', setsLinks: false });
  t.like(await worldOf('link_loss = 5%\n'), { setsLinks: true, links: { loss: 0.05, latency: constant(0) } });
  t.like(await worldOf('link_latency = 1\n'), { setsLinks: true, links: { latency: constant(1) } });
  t.like(await worldOf('bandwidth_up = 1mbit\n'), { setsLinks: true });
  t.like(await worldOf('network = emulated\n'), { setsLinks: false, links: { latency: constant(1) } });
});

test('a unique tracker port of the emulated network is the same for every user and on every machine', async (t) => {
  const conf = `${MINIMAL}clock = virtual\ntracker_cmd = run_tracker.sh\ntracker_port = __unique_port__\n`;
  const ports = [];
  for (const [user, isPortFree] of [
    ['ann', async () => true],
    ['ben', async () => false],
  ] as const) {
    const { config, said } = await load(t, conf, { user, isPortFree });
    t.deepEqual(said, []);
    ports.push(config?.tracker.port);
  }
  t.true((ports[0] ?? 0) >= 20_000);
  t.is(ports[0], ports[1]);
});
