import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { captureOutput } from '../host/capture-output.js';
import type { World } from '../host/world.js';
import type { TrackersInit } from '../protocol/tracker-protocol.js';
import { framedPort } from '../runtime/framed-port.js';
import { makeTrackers, trackerOutput } from './make-trackers.js';

/** Gives the built-in trackers of a run this thread. */
export function hostTracker(init: TrackersInit, port: MessagePort, world: World): void {
  const output = trackerOutput(init);
  captureOutput(output);
  expose(makeTrackers(init, output, world), framedPort(port).calls);
}
