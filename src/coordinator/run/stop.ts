import { toError } from '../../runtime/errors.js';
import { stopAll } from '../../runtime/startable.js';
import type { Run } from './run.js';

/** Stops everything that was started, in reverse order; an error in it is a failure of the run, and the rest is stopped all the same. */
export async function stop(run: Run): Promise<void> {
  run.onProgress({ type: 'stage', stage: 'stopping' });
  run.over.abort();
  try {
    await stopAll(run.parts);
  } catch (error) {
    run.failures.addUnlessRecorded(toError(error));
  }
}
