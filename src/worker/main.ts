/**
 * What a worker thread of a run loads, in one file: the public API, which the experiment's modules import as `gumby`, and
 * the jobs that a thread can be started for. Loaded anywhere else it is the public API alone.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { expose } from 'comlink';
import { installErrorTransfer } from '../runtime/error-transfer.js';
import { nodeEndpoint } from '../runtime/node-endpoint.js';
import { describeModules } from '../instance/describe-modules.js';
import type { DescribeApi, WorkerData, WorkerJob } from '../instance/protocol.js';
import { unreachable } from '../runtime/unreachable.js';
import { discardOutput } from './capture-output.js';
import { makeCodeCache } from './library.js';
import { hostInstance } from './host-instance.js';
import { hostTracker } from './host-tracker.js';
import { mapStacks } from './source-mapped-stacks.js';

export * from '../index.js';

const job = (workerData as Partial<WorkerData> | null)?.gumby;
if (!isMainThread && parentPort !== null && job !== undefined) {
  installErrorTransfer();
  runJob(job, parentPort);
}

function runJob(job: WorkerJob, port: NonNullable<typeof parentPort>): void {
  switch (job.job) {
    case 'instance':
      mapStacks(job.init.bundle.file);
      hostInstance(job.init, port);
      return;
    case 'tracker':
      hostTracker(job.init, port);
      return;
    case 'describe': {
      mapStacks(job.bundle.file);
      discardOutput();
      const api: DescribeApi = {
        describe: async () => describeModules(job.bundle),
        codeCache: async () => makeCodeCache(),
      };
      expose(api, nodeEndpoint(port));
      return;
    }
    default:
      unreachable(job);
  }
}
