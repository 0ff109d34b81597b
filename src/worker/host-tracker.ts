import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { captureOutput } from '../host/capture-output.js';
import { PacketCapture } from '../host/packet-capture.js';
import { FrozenVars } from '../host/frozen-vars.js';
import { RealWorld } from '../host/real/real-world.js';
import type { TrackerApi, TrackersInit } from '../protocol/tracker-protocol.js';
import { type Clocks, every } from '../runtime/clock.js';
import { toError } from '../runtime/errors.js';
import { framedPort } from '../runtime/framed-port.js';
import { makeTrackers, trackerOutput } from './make-trackers.js';

/** What the thread has gathered for its files is written this often at least. */
const FLUSH_INTERVAL_MS = 1000;

/** Gives the built-in trackers of a run this thread. */
export function hostTracker(init: TrackersInit, port: MessagePort, clocks: Clocks): void {
  const output = trackerOutput(init);
  captureOutput(output);
  let fault: Error | undefined;
  const capture = init.capture && new PacketCapture(init.capture, (_what, error) => (fault = toError(error)));
  const world = new RealWorld({
    ...{ clocks, ownsThread: true, instanceCount: init.instanceCount, seed: init.seed, trackers: [] },
    network: init.network,
    capture,
  });
  const trackers = makeTrackers(init, output, world);
  const variables = new FrozenVars();
  if (capture !== undefined) every(clocks.machine, FLUSH_INTERVAL_MS, () => capture.flush(), { weak: true });
  const api: TrackerApi = {
    start: () => trackers.start(),
    async go(startMs, allVars) {
      if (allVars !== undefined) world.learn(() => variables.read(allVars));
      world.go(startMs);
    },
    async stop() {
      await trackers.stop();
      capture?.flush();
      // Until now nobody has asked anything that could fail.
      if (fault !== undefined) throw fault;
    },
  };
  expose(api, framedPort(port).calls);
}
