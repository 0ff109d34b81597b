import { randomInt } from 'node:crypto';
import type { ExperimentConfig } from '../../config/experiment-config.js';
import { loadConfig, type LoadConfigInit } from '../../config/load-config.js';
import { translates } from '../../network/nat/nat-type.js';
import type { Clock } from '../../runtime/clock.js';
import { type Diagnostic, formatDiagnostic } from '../../runtime/diagnostic.js';
import { GumbyError } from '../../runtime/errors.js';
import { instancesIn, isInRanges } from '../../runtime/peers/instance-range.js';
import { packageDirectory } from '../../runtime/package-directory.js';
import { checkCommands } from '../../scenario/check-commands.js';
import { type LifecyclePlan, lifecyclePlanOf, NO_LIFECYCLE } from '../../scenario/lifecycle-commands.js';
import { type NetworkPlan, networkPlanOf } from '../../scenario/network-commands.js';
import { loadScenario } from '../../scenario/load-scenario.js';
import type { Scenario, ScenarioEvent } from '../../scenario/scenario.js';
import { instancesWithoutStop } from '../../scenario/timeline.js';
import { formatIds } from '../instances/format-ids.js';
import { samplesIn } from '../../config/samples-in.js';
import { planOf } from '../instances/instance-hosts.js';
import { checkPlan, machineLimits } from '../instances/plan-fit.js';
import { type LoadedModules, loadModules } from '../modules/load-modules.js';
import { definedOnly, type Environment } from './environment.js';
import type { LoadedExperiment } from './run-context.js';

export interface LoadExperimentInit {
  readonly confFile: string;
  /** The directory that relative paths in scenarios and commands start from. @default the working directory */
  readonly projectDir?: string;
  /** The environment, of which `GUMBY_KEY` sets the option `key`. @default none */
  readonly environment?: Environment;
  /** Values `KEY=VALUE`, which are stronger than file and environment. */
  readonly set?: readonly string[];
  /** The user, because ports asked for as `__unique_port__` differ between users. @default '' */
  readonly user?: string;
}

/** An experiment, or what is wrong with it. */
export interface LoadResult {
  /** The experiment; absent when there is an error among the diagnostics. */
  readonly experiment?: LoadedExperiment;
  /** The modules; they are there as soon as they are in order themselves, and no include is missing that may name more of them. */
  readonly modules?: LoadedModules;
  /** Errors and warnings of configuration, scenario and modules together. */
  readonly diagnostics: readonly Diagnostic[];
  /** Removes the files that loading made; to be called after the last use of the experiment. */
  readonly dispose: () => Promise<void>;
}

export interface LoadComponents {
  /** The machine's clock. */
  readonly clock: Clock;
  /** Whether a port of this machine is free. */
  readonly isPortFree: LoadConfigInit['isPortFree'];
}

/** Reads, checks and compiles an experiment; starts nothing. */
export async function loadExperiment(init: LoadExperimentInit, components: LoadComponents): Promise<LoadResult> {
  const { config, diagnostics } = await loadConfig(configInit(init, components));
  if (config === undefined) return { diagnostics, dispose: async () => {} };
  const scenario =
    config.scenarioFile === undefined ? undefined : readScenario(config, config.scenarioFile, init.environment ?? {});
  const modules = await loadModules(scenario?.modules ?? [], placesOf(config), components);
  const loaded = hasError(modules.diagnostics) ? 'some modules' : 'all modules';
  // A module that is not there may offer a command of the same name.
  const network =
    scenario === undefined || loaded !== 'all modules'
      ? NO_NETWORK
      : networkPlanOf(scenario, modules.commands.flat(), samplesIn(config.experimentDir));
  const seed = config.seed ?? String(randomInt(2 ** 32));
  const lifecycle =
    scenario === undefined || loaded !== 'all modules'
      ? NO_LIFECYCLE
      : lifecyclePlanOf(scenario, modules.commands.flat(), seed);
  const all = [
    ...diagnostics,
    ...(config.cluster === undefined ? [] : [config.cluster]),
    ...(scenario?.diagnostics ?? []),
    ...modules.diagnostics,
    ...(scenario === undefined ? [] : checkCommands(scenario, modules.commands.flat(), loaded)),
    ...network.diagnostics,
    ...lifecycle.diagnostics,
    ...refuseLifecycle(config, lifecycle),
    ...refuseWithoutNetwork(config, network),
    ...refuseUnsharing(config, network),
    ...(scenario === undefined ? [] : warnOfEndlessRun(config, scenario, lifecycle)),
    ...checkPlan(planOf(config), machineLimits(), { file: config.confFile }),
  ];
  return {
    diagnostics: all,
    dispose: modules.dispose,
    ...(loaded === 'all modules' && scenario?.isComplete !== false ? { modules } : {}),
    ...(hasError(all)
      ? {}
      : { experiment: { config, modules, seed, network, lifecycle, ...(scenario === undefined ? {} : { scenario }) } }),
  };
}

/**
 * The experiment of a load that went well. After any other load, the files that it made are removed. @throws GumbyError
 * EXPERIMENT_INVALID with all that is wrong
 */
export async function requireExperiment({ experiment, diagnostics, dispose }: LoadResult): Promise<LoadedExperiment> {
  if (experiment !== undefined) return experiment;
  await dispose();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const texts = errors.map((diagnostic) => formatDiagnostic(diagnostic));
  throw new GumbyError('EXPERIMENT_INVALID', `nothing was started:\n${texts.join('\n')}`, {
    context: { diagnostics: errors },
  });
}

function configInit(init: LoadExperimentInit, { isPortFree }: LoadComponents): LoadConfigInit {
  const { confFile, projectDir = process.cwd(), environment = {}, set = [], user = '' } = init;
  return { confFile, projectDir, environment, set, user, isPortFree };
}

function readScenario(config: ExperimentConfig, file: string, environment: Environment): Scenario {
  const { projectDir, experimentDir, instanceCount } = config;
  const variables = { ...definedOnly(environment), ...config.variables };
  return loadScenario({ file, projectDir, experimentDir, instanceCount, variables });
}

function placesOf({ projectDir, experimentDir }: ExperimentConfig) {
  return { packageDir: packageDirectory(), projectDir, experimentDir };
}

const NO_NETWORK: NetworkPlan = { steps: [], events: new Map(), diagnostics: [] };

/** What a scenario asks of the network, and the network of the run cannot do. */
function refuseWithoutNetwork({ world, synchronised }: ExperimentConfig, plan: NetworkPlan): readonly Diagnostic[] {
  const [first] = plan.events.keys();
  if (first !== undefined && world.clock === 'real' && !synchronised) return [needsServer(first)];
  return [...plan.events].flatMap(([{ command, place }, change]): readonly Diagnostic[] => {
    const freezes = change?.type === 'pause' || change?.type === 'resume';
    if (freezes && world.clock === 'real') {
      const message = `"${command}" needs virtual time: nobody can hold back what happens by the machine's clock`;
      return [{ severity: 'error', message, ...place, hint: 'set clock = virtual, or use disconnect and reconnect' }];
    }
    if (world.network === 'emulated') return [];
    const setsMtu = change?.type === 'set-link' && change.change.mtu !== undefined;
    if (change?.type !== 'set-nat' && !setsMtu) return [];
    const what = setsMtu ? `"${command}" with an mtu` : `"${command}"`;
    const message = `${what} needs the emulated network, and network is "${world.network}"`;
    return [{ severity: 'error', message, ...place, hint: 'set network = emulated' }];
  });
}

/** Instances that share a NAT share its outside address, which none of them can have without it. */
function refuseUnsharing({ world }: ExperimentConfig, { events }: NetworkPlan): readonly Diagnostic[] {
  const shared = world.nats.assignments.filter(({ isShared }) => isShared).flatMap(({ group }) => group);
  return [...events].flatMap(([event, change]): readonly Diagnostic[] => {
    if (change?.type !== 'set-nat' || translates(change.nat)) return [];
    const [one] = [...instancesIn(change.group)].filter((instance) => isInRanges(shared, instance));
    if (one === undefined) return [];
    const message = `instance ${one} shares a NAT with others, and cannot have "${change.nat}"`;
    return [{ severity: 'error', message, ...event.place, hint: 'leave "shared" out of the option nat' }];
  });
}

/** An instance that comes back needs what the server tells everyone. */
function refuseLifecycle({ synchronised }: ExperimentConfig, { events }: LifecyclePlan): readonly Diagnostic[] {
  const [first] = events;
  return synchronised || first === undefined ? [] : [needsServer(first)];
}

function needsServer({ command, place }: ScenarioEvent): Diagnostic {
  const message = `"${command}" needs the experiment server, and experiment_server_cmd is empty`;
  return { severity: 'error', message, ...place, hint: 'leave experiment_server_cmd out' };
}

function warnOfEndlessRun(
  config: ExperimentConfig,
  scenario: Scenario,
  { crashedForGood }: LifecyclePlan,
): readonly Diagnostic[] {
  // A file that could not be included may hold the `stop`.
  if (!scenario.isComplete) return [];
  const endless = instancesWithoutStop(scenario).filter((instance) => !crashedForGood.has(instance));
  if (config.experimentTimeMs > 0 || endless.length === 0) return [];
  return [
    {
      severity: 'warning',
      message: `no "stop" ever reaches ${formatIds(endless)}, and there is no experiment_time: the run will not end by itself`,
      file: scenario.file,
      hint: 'end the scenario with a line like @1:15 stop',
    },
  ];
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
