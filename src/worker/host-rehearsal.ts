import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { discardOutput } from '../host/capture-output.js';
import type { RehearsalApi, RehearsalInit } from '../protocol/rehearsal-protocol.js';
import type { Clocks } from '../runtime/clock.js';
import { framedPort } from '../runtime/framed-port.js';
import { seededRandom } from '../runtime/random.js';
import { loadedLibrary } from './library.js';
import { rehearseInstance } from './rehearse-instance.js';
import { rehearseOverlay } from './rehearse-overlay.js';

/** Gives a rehearsal this thread. */
export function hostRehearsal({ host, instance }: RehearsalInit, port: MessagePort, clocks: Clocks): void {
  discardOutput();
  const api: RehearsalApi = {
    async rehearse() {
      await rehearseInstance(host, instance, clocks);
      await rehearseOverlay(clocks.machine, seededRandom(host.seed, 'rehearsal'));
      return loadedLibrary().makeCodeCache();
    },
  };
  expose(api, framedPort(port).calls);
}
