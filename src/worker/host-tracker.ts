import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { AppendFiles } from '../host/append-files.js';
import { captureOutput } from '../host/capture-output.js';
import { fileOutput } from '../host/file-output.js';
import type { World } from '../host/world.js';
import type { TrackersInit } from '../protocol/tracker-protocol.js';
import { framedPort } from '../runtime/framed-port.js';
import { makeTrackers } from './make-trackers.js';

/** Gives the built-in trackers of a run this thread. */
export function hostTracker(init: TrackersInit, port: MessagePort, world: World): void {
  // A tracker's log that cannot be written changes nothing for the run: the results are in the instances' files.
  const output = fileOutput(init, new AppendFiles(), () => {});
  captureOutput(output);
  expose(makeTrackers(init, output, world), framedPort(port).calls);
}
