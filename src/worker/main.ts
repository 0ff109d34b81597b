/**
 * What a worker thread of a run loads, in one file: the public API, which the experiment's modules import as `gumby`, and
 * the jobs that a thread can be started for. Where the file is loaded outside of such a thread, it is the public API alone.
 */
import { isMainThread, type MessagePort, workerData } from 'node:worker_threads';
import { installErrorTransfer } from '../runtime/error-transfer.js';
import type { WorkerData, WorkerJob } from '../protocol/worker-data.js';
import { realClocks } from '../runtime/clock.js';
import { unreachable } from '../runtime/unreachable.js';
import { hostDescription } from './host-description.js';
import { hostInstances } from './host-instances.js';
import { hostRehearsal } from './host-rehearsal.js';
import { hostTracker } from './host-tracker.js';
import { mapStacks } from './source-mapped-stacks.js';

export * from '../index.js';

const data = workerData as { -readonly [Key in keyof WorkerData]?: WorkerData[Key] } | null;
if (!isMainThread && data?.gumby !== undefined && data.port !== undefined) {
  const { gumby: job, port } = data;
  // Modules see the same `workerData`; they are not to see our part of it.
  delete data.gumby;
  delete data.port;
  installErrorTransfer();
  runJob(job, port);
}

function runJob(job: WorkerJob, port: MessagePort): void {
  switch (job.job) {
    case 'instances':
      mapStacks(job.init.bundle.file);
      hostInstances(job.init, port, realClocks);
      return;
    case 'rehearse':
      hostRehearsal(job.init, port, realClocks);
      return;
    case 'tracker':
      hostTracker(job.init, port, realClocks);
      return;
    case 'describe':
      mapStacks(job.bundle.file);
      hostDescription(job.bundle, port);
      return;
    default:
      unreachable(job);
  }
}
