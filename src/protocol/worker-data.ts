import type { MessagePort } from 'node:worker_threads';
import type { HostInit } from './host-protocol.js';
import type { CodeCache, ModuleBundle } from './module-protocol.js';
import type { RehearsalInit } from './rehearsal-protocol.js';
import type { TrackersInit } from './tracker-protocol.js';

/** The data that a thread of ours is started with. */
export interface WorkerData {
  readonly gumby: WorkerJob;
  /**
   * The thread's end of the channel that calls, messages and events go through. It is not the thread's `parentPort`,
   * because any module can use that one, and so can any library that believes to be in a worker of its own.
   */
  readonly port: MessagePort;
  /** The code cache of the library; absent in the first thread. */
  readonly libraryCache?: CodeCache;
}

/** What a worker thread was started for. */
export type WorkerJob =
  | { readonly job: 'instances'; readonly init: HostInit }
  | { readonly job: 'describe'; readonly bundle: ModuleBundle }
  | { readonly job: 'rehearse'; readonly init: RehearsalInit }
  | { readonly job: 'tracker'; readonly init: TrackersInit };
