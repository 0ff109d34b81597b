import { join } from 'node:path';
import test from 'ava';
import { writeExperiment } from '../support/experiment-files.js';
import { gumby } from '../support/gumby-cli.js';

/** Every command that reads an experiment. */
const COMMANDS = [['check'], ['run'], ['timeline', '--peer', '1'], ['commands']] as const;

/** `line:column: severity: message` of everything that is wrong with the scenario. */
function complaintsIn(stderr: string): readonly string[] {
  return Array.from(stderr.matchAll(/^test\.scenario:(.*)$/gm), ([, complaint = '']) => complaint);
}

test('a missing include is said alone, and not the commands, the variables and the end that it would have brought', async (t) => {
  const { directory } = await writeExperiment(t, {
    conf: 'instances = 2',
    scenario: '&include parts/modules.scenario\n@0 start_session\n@1 echo $greeting\n@2 publish $count\n@3 hello',
  });
  for (const command of COMMANDS) {
    const { exitCode, stderr } = await gumby([...command, 'test.conf'], { cwd: directory });
    t.is(exitCode, 2, command[0]);
    t.deepEqual(
      complaintsIn(stderr),
      ['1:10: error: there is no file "parts/modules.scenario" to include'],
      command[0],
    );
    t.false(stderr.includes('warning:'), stderr);
  }
  const { stderr } = await gumby(['check', 'test.scenario'], { cwd: directory });
  t.is(complaintsIn(stderr).length, 1);
});

test('a module that is not there is said alone, in a few short lines', async (t) => {
  const { directory } = await writeExperiment(t, {
    conf: 'instances = 2',
    scenario: '&module experiments.deep.down.some_module.SomeModule\n@0 start_session\n@1 hello\n@2 stop',
  });
  for (const command of COMMANDS) {
    const { exitCode, stderr } = await gumby([...command, 'test.conf'], { cwd: directory });
    t.is(exitCode, 2, command[0]);
    t.deepEqual(complaintsIn(stderr), ['1:9: error: the module file is not there']);
    t.is(stderr.match(/some.module\./g)?.length, 2, 'the line itself, and one path with the other spellings in words');
  }
});

test('a module in Python is called so, with its file and the way out', async (t) => {
  const { directory } = await writeExperiment(t, {
    conf: 'instances = 2',
    scenario: [
      '&module experiments.hello.hello_module.HelloModule',
      '&module ./other_module.py#OtherModule',
      '&module gumby.modules.tribler_module.TriblerModule',
      '&module experiments.elsewhere.beside_module.BesideModule',
      '@0 hello',
      '@1 stop',
    ].join('\n'),
    files: {
      'experiments/hello/hello_module.py': 'class HelloModule(ExperimentModule): pass\n',
      'other_module.py': '',
      'gumby/gumby/modules/tribler_module.py': '',
      'beside_module.py': '',
    },
  });
  const file = (name: string) => join(directory, name);
  const said = (python: string, wayOut: string) =>
    `error: the module is written in Python (${file(python)}), and modules are TypeScript here: write it as ${wayOut}`;
  const beside = (name: string, className: string) =>
    `${name}.ts beside the scenario, and name it with &module ./${name}.ts#${className}`;
  for (const command of COMMANDS) {
    const { exitCode, stderr } = await gumby([...command, 'test.conf'], { cwd: directory });
    t.is(exitCode, 2);
    t.deepEqual(complaintsIn(stderr), [
      `1:9: ${said('experiments/hello/hello_module.py', file('experiments/hello/hello_module.ts'))}`,
      `2:9: ${said('other_module.py', beside('other_module', 'OtherModule'))}`,
      `3:9: ${said('gumby/gumby/modules/tribler_module.py', beside('tribler_module', 'TriblerModule'))}`,
      `4:9: ${said('beside_module.py', beside('beside_module', 'BesideModule'))}`,
    ]);
  }
});

test('the tutorial runs with as many instances as the command line says', async (t) => {
  const launches = '-c launch_scenario.py '.repeat(5);
  const { directory, conf } = await writeExperiment(t, {
    conf: `sync_subscribers_amount = 5\nlocal_instance_cmd = "process_guard.py ${launches}-t 90"\nsync_experiment_start_delay = 0`,
    scenario: '@0 echo here\n@0.1 stop',
  });
  const ran = await gumby(['run', conf, '--set', 'instances=7', '--json'], { cwd: directory });
  t.is(ran.exitCode, 0, ran.stderr);
  const { instances } = JSON.parse(ran.stdout) as { readonly instances: readonly { readonly state: string }[] };
  t.is(instances.length, 7);
  t.true(instances.every(({ state }) => state === 'stopped'));
  t.regex(ran.stderr, /^test\.conf:4:22: warning: .* 5 times, but instances is 7 \(--set\), which is stronger$/m);
});
