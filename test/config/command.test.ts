import test from 'ava';
import fc from 'fast-check';
import { builtInAmong, parseCommand, parseInstanceCommand } from '../../src/config/command.js';
import { parseGuard } from '../../src/config/process-guard-options.js';
import { programOf } from '../../src/config/program-of.js';

const VARIABLES = {
  EXPERIMENT_TIME: '90',
  OUTPUT_DIR: '/my runs/output',
  INSTANCES: '3',
  LAUNCH: 'launch_scenario.py',
};

function instances(text: string) {
  const result = parseInstanceCommand(text, VARIABLES);
  return result.ok ? result.command : result.message;
}

test('the program of a command line is known by its file name', (t) => {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['launch_scenario.py', 'launch_scenario.py'],
    ['/opt/gumby/scripts/launch_scenario.py --x', 'launch_scenario.py'],
    ['python2.7 "scripts/launch_scenario.py"', 'launch_scenario.py'],
    ['(launch_scenario.py)', 'launch_scenario.py'],
    ['A=1 exec launch_scenario.py 2>&1', 'launch_scenario.py'],
    ['sh -c "launch_scenario.py"', 'sh'],
    ['yes > /dev/null', 'yes'],
    ['yes > /dev/null & sleep 1', undefined],
    ['(yes > /dev/null & sleep 1)', undefined],
    ['echo "a; b"', 'echo'],
    ['echo "open', undefined],
    ['', undefined],
  ];
  for (const [line, program] of lines) t.is(programOf(line), program, line);
});

test('commands are nothing, built-in, or for the shell', (t) => {
  t.deepEqual(parseCommand('  ', VARIABLES), { kind: 'none' });
  for (const name of [
    'experiment_server.py',
    'run_tracker.sh',
    'post_process_dispersy_experiment.sh',
    'graph_process_guard_data.sh',
    'das4_setup.sh',
  ])
    t.like(parseCommand(`gumby/scripts/${name} -v`, VARIABLES), { kind: 'built-in', name });
  const text = 'echo "$OUTPUT_DIR" && ls';
  t.deepEqual(parseCommand(text, VARIABLES), { kind: 'shell', text });
});

test('a line of several commands that names a built-in one is recognised', (t) => {
  t.is(builtInAmong('post_process_dispersy_experiment.sh; ls'), 'post_process_dispersy_experiment.sh');
  t.is(builtInAmong('cd x && (gumby/scripts/process_guard.py -c ls)'), 'process_guard.py');
  t.is(builtInAmong('run_tracker.sh'), undefined);
  t.is(builtInAmong('echo "run_tracker.sh"; cat run_tracker.sh'), undefined);
});

test('nothing, and launch_scenario.py, are instances of this process', (t) => {
  t.deepEqual(instances(''), { kind: 'instances' });
  t.deepEqual(instances('scripts/launch_scenario.py'), { kind: 'instances' });
  t.deepEqual(instances('$LAUNCH'), { kind: 'instances' });
});

test('a guard counts the instances it names, one by one or with -n', (t) => {
  t.like(instances('process_guard.py -c launch_scenario.py -c launch_scenario.py -t $EXPERIMENT_TIME'), {
    kind: 'instances',
    count: 2,
  });
  t.like(instances('process_guard.py -c launch_scenario.py -n $INSTANCES'), { kind: 'instances', count: 3 });
  t.like(instances('process_guard.py -c "$LAUNCH"'), { kind: 'instances', count: 1 });
});

test('a guard around other commands really runs them, beside the instances it names', (t) => {
  const mixed = instances('process_guard.py -c launch_scenario.py -c "yes > /dev/null" -c launch_scenario.py');
  t.like(mixed, { kind: 'guard', count: 2 });
  t.deepEqual(typeof mixed === 'object' && mixed.kind === 'guard' ? mixed.guard.commands : [], ['yes > /dev/null']);
  t.like(instances('process_guard.py -f jobs.txt'), { kind: 'guard', count: 0 });
});

test('the file of a guard may name instances as well', (t) => {
  const result = parseInstanceCommand(
    'process_guard.py -f $OUTPUT_DIR/jobs -c launch_scenario.py',
    VARIABLES,
    (file) => {
      t.is(file, '/my runs/output/jobs');
      return ['launch_scenario.py', 'sleep 1'];
    },
  );
  t.like(result, { ok: true, command: { kind: 'guard', count: 2 } });
  t.like(
    parseInstanceCommand('process_guard.py -f jobs', VARIABLES, () => []),
    { ok: false },
  );
});

test('clusters and other commands', (t) => {
  t.deepEqual(instances('das4_reserve_and_run.sh'), { kind: 'cluster', name: 'das4_reserve_and_run.sh' });
  t.deepEqual(instances('./run.sh $X'), { kind: 'shell', text: './run.sh $X' });
});

test('every option of a guard is read, short, long or attached', (t) => {
  const guard = {
    commands: ['sleep $X'],
    repetitions: 2,
    commandsFile: 'jobs',
    timeoutMs: 90_000,
    failOnTimeout: true,
    monitorDir: '/my runs/output',
    outputDir: '/my runs/output/sub',
    intervalMs: 500,
    network: true,
  };
  const short =
    "process_guard.py -c 'sleep $X' -n 2 -f jobs -t$EXPERIMENT_TIME -T -m $OUTPUT_DIR -o ${OUTPUT_DIR}/sub -i 0.5 --network";
  const long =
    "python process_guard.py --command='sleep $X' -n2 --commands-file jobs --timeout 90 --fail-on-timeout --monitor-dir $OUTPUT_DIR --output-dir $OUTPUT_DIR/sub --interval .5 --network";
  for (const text of [short, long]) t.deepEqual(parseGuard(text, VARIABLES), { ok: true, guard });
});

test('what a guard does not understand is said', (t) => {
  const message = (text: string) => {
    const result = parseGuard(text, VARIABLES);
    return result.ok ? 'none' : result.message;
  };
  t.regex(message('process_guard.py -c x -t soon'), /-t is "soon", expected a number of at least 0/);
  t.regex(message('process_guard.py -c x -n 0'), /-n is "0", expected an integer of at least 1/);
  t.regex(message('process_guard.py -c x -n 1.5'), /-n is "1.5"/);
  t.regex(message('process_guard.py -c x -i 0'), /-i is "0"/);
  t.regex(message('process_guard.py -c x --what'), /--what/);
  t.regex(message('process_guard.py -c x stray'), /stray/);
  t.regex(message('process_guard.py -t 5'), /no command/);
  t.regex(message('process_guard.py -c ""'), /no command/);
  t.regex(message('process_guard.py -c "x'), /never closed/);
});

test('property: no command line makes the parser throw', (t) => {
  const word = fc.constantFrom(
    'process_guard.py',
    '-c',
    '-t',
    '-n',
    '5',
    '"',
    "'",
    '\\',
    '$X',
    '${',
    '(',
    ')',
    '&&',
    'a=b',
    ' ',
    '--',
    '-',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(text, (line) => {
      t.notThrows(() => parseInstanceCommand(line, VARIABLES));
      t.notThrows(() => parseCommand(line, VARIABLES));
      t.notThrows(() => builtInAmong(line));
    }),
    { numRuns: 500 },
  );
});
