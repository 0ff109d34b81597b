import type { MessagePort } from 'node:worker_threads';
import type { TrackerInit } from '../instance/protocol.js';

export function hostTracker(_init: TrackerInit, _port: MessagePort): void {
  throw new Error('written when the tracker is');
}
