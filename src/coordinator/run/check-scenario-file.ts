import { resolve } from 'node:path';
import type { Clock } from '../../runtime/clock.js';
import type { Diagnostic } from '../../runtime/diagnostic.js';
import { checkCommands } from '../../scenario/check-commands.js';
import { loadScenario } from '../../scenario/load-scenario.js';
import { samplesIn } from '../../config/samples-in.js';
import { networkPlanOf } from '../../scenario/network-commands.js';
import { ANY_INSTANCE_COUNT } from '../../runtime/peers/peer-set.js';
import type { Scenario } from '../../scenario/scenario.js';
import { definedOnly, type Environment } from './environment.js';
import { loadModules } from '../modules/load-modules.js';
import { packageDirectory } from '../../runtime/package-directory.js';

export interface CheckScenarioInit {
  readonly file: string;
  readonly projectDir: string;
  readonly experimentDir: string;
  /** The values of `$NAME` where the scenario does not bind the name. */
  readonly variables: Environment;
  /** The severity of the complaint about a module that is not there. @default 'error' */
  readonly missingModules?: Diagnostic['severity'];
}

export interface CheckedScenario {
  /** The scenario for any number of instances: it has timelines, and no schedule. */
  readonly scenario: Scenario;
  readonly diagnostics: readonly Diagnostic[];
  /** Removes the files that loading the modules made. */
  readonly dispose: () => Promise<void>;
}

/** Reads and checks a scenario by itself, without a configuration. */
export async function checkScenarioFile(
  init: CheckScenarioInit,
  components: { readonly clock: Clock },
): Promise<CheckedScenario> {
  const [file, projectDir, experimentDir] = [resolve(init.file), resolve(init.projectDir), resolve(init.experimentDir)];
  const variables = definedOnly(init.variables);
  const scenario = loadScenario({ file, projectDir, experimentDir, instanceCount: ANY_INSTANCE_COUNT, variables });
  const places = { packageDir: packageDirectory(), projectDir, experimentDir };
  const modules = await loadModules(scenario.modules, places, components, init.missingModules);
  const loaded = modules.diagnostics.length === 0 ? 'all modules' : 'some modules';
  const ofCommands = checkCommands(scenario, modules.commands.flat(), loaded);
  const ofNetwork =
    loaded === 'all modules'
      ? networkPlanOf(scenario, modules.commands.flat(), samplesIn(experimentDir)).diagnostics
      : [];
  return {
    scenario,
    diagnostics: [...scenario.diagnostics, ...modules.diagnostics, ...ofCommands, ...ofNetwork],
    dispose: modules.dispose,
  };
}
