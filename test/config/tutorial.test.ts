import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadConfig } from '../../src/config/load-config.js';
import { parseConf } from '../../src/config/parse-conf.js';
import { REPOSITORY } from '../support/gumby-cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The cluster configuration of Gumby's tutorial. */
const DAS5 = `
    # The name for our experiment (cosmetic only)
    experiment_name = "hello_world"
    scenario_file = 'hello_world.scenario'
    # The amound of physical machines to reserve (never more than 20)
    das4_node_amount = 5
    das4_instances_to_run = 5
    das4_node_timeout = 90

    ## Don't change the following settings, unless you are 100% sure you know what you are doing

    # The DAS5 deployment scripts
    local_setup_cmd = 'das4_setup.sh'
    local_instance_cmd = 'das4_reserve_and_run.sh'
    das4_node_command = "launch_scenario.py"
    tracker_cmd = 'run_tracker.sh'
    tracker_port = __unique_port__
    experiment_server_cmd = 'experiment_server.py'
    sync_port = __unique_port__
    sync_experiment_start_delay = 1
    post_process_cmd = 'post_process_dispersy_experiment.sh'
    use_local_venv = TRUE
    with_systemtap = false
`;

async function load(t: ExecutionContext, conf: string) {
  const projectDir = await temporaryDirectory(t);
  await writeFile(join(projectDir, 'hello_world.conf'), conf);
  await writeFile(join(projectDir, 'hello_world.scenario'), '@0 stop\n');
  return loadConfig({
    confFile: 'hello_world.conf',
    projectDir,
    environment: {},
    set: [],
    user: 'ann',
    isPortFree: async () => true,
  });
}

test("the tutorial's configuration means five instances of this process for 90 seconds", async (t) => {
  const conf = readFileSync(join(REPOSITORY, 'experiments/hello_world/hello_world.conf'), 'utf8');
  const { config, diagnostics } = await load(t, conf);
  t.deepEqual(diagnostics, []);
  t.like(config, {
    experimentName: 'hello_world',
    experimentTimeMs: 90_000,
    instanceCount: 5,
    localInstances: {
      kind: 'instances',
      count: 5,
      guard: { timeoutMs: 90_000, outputDir: config?.outputDir, monitorDir: config?.outputDir },
    },
    tracker: { command: { kind: 'built-in', name: 'run_tracker.sh' }, count: 4 },
    synchronised: true,
    syncHost: '127.0.0.1',
    startDelayMs: 1000,
    postProcess: { kind: 'built-in', name: 'post_process_dispersy_experiment.sh' },
    cluster: undefined,
  });
});

test("the tutorial's cluster configuration is understood, and asks for a cluster", async (t) => {
  const { config, diagnostics } = await load(t, DAS5);
  t.deepEqual(
    diagnostics.map(({ severity, line }) => [severity, line]),
    [['warning', 22]],
  );
  t.like(config?.cluster, {
    severity: 'error',
    line: 14,
    message: 'das4_reserve_and_run.sh asks for a run on a cluster, which is not available yet',
  });
  t.like(config?.variables, {
    INSTANCES: '5',
    DAS4_NODE_AMOUNT: '5',
    NODE_AMOUNT: '5',
    DAS4_NODE_COMMAND: 'launch_scenario.py',
  });
});

test("Gumby's process guard example parses with its quotes and its comment", (t) => {
  const line =
    'local_instance_cmd = process_guard.py -c "(yes CPU > /dev/null & find /etc /usr > /dev/null ; wait)" -t 10 # ten seconds';
  const { entries, diagnostics } = parseConf(line, 'x.conf');
  t.deepEqual(diagnostics, []);
  t.deepEqual(entries[0]?.values, [
    'process_guard.py -c "(yes CPU > /dev/null & find /etc /usr > /dev/null ; wait)" -t 10',
  ]);
});
