import test from 'ava';
import { SameThreadHost } from '../../../src/host/same-thread-host.js';
import { RealWorld } from '../../../src/host/real/real-world.js';
import { ThreadEnvironment } from '../../../src/host/thread-environment.js';
import { compileModules } from '../../../src/coordinator/modules/compile-modules.js';
import { compileScript } from '../../../src/instance/load-script.js';
import { instanceGlobals } from '../../../src/host/instance-globals.js';
import type { ExperimentModuleClass } from '../../../src/instance/static-module.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { join } from 'node:path';
import { realClocks } from '../../../src/runtime/clock.js';
import { LINK_MODULE, testLinkCompliance } from './link-compliance.js';

testLinkCompliance(test, 'same thread', true, async (t, init) => {
  const file = join(await temporaryDirectory(t), 'modules.cjs');
  t.true((await compileModules([LINK_MODULE], file)).ok);
  const script = compileScript(file);
  const bundle = { file, requests: [{ loader: 0 }] };
  const world = new RealWorld({ clocks: realClocks, ownsThread: false, instanceCount: 1, seed: '', trackers: [] });
  const environment = new ThreadEnvironment({ bundle, world }, false);
  // The test runs from the sources, the module with the built library: two copies, which know each other's modules by name only.
  environment.loadModules = (scope, output) => {
    const { loaders } = script.evaluate(instanceGlobals(scope, output)) as {
      readonly loaders: readonly [() => { readonly LinkModule: ExperimentModuleClass }];
    };
    return [loaders[0]().LinkModule];
  };
  return new SameThreadHost({ ...init, bundle }, { environment, onFault: (error) => t.fail(error.stack) });
});
