import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { describeModules } from '../instance/describe-modules.js';
import { loadScript } from '../instance/load-script.js';
import type { DescribeApi, ModuleBundle } from '../instance/protocol.js';
import { framedPort } from '../runtime/framed-port.js';
import { discardOutput } from './capture-output.js';
import { loadedLibrary } from './library.js';

/** Lets this thread say what the modules of a bundle offer. */
export function hostDescription(bundle: ModuleBundle, port: MessagePort): void {
  discardOutput();
  const modules = loadScript(bundle.file);
  const api: DescribeApi = {
    describe: async () => describeModules(modules, bundle.requests),
    codeCaches: async () => ({ library: loadedLibrary().makeCodeCache(), modules: modules.makeCodeCache() }),
  };
  expose(api, framedPort(port).calls);
}
