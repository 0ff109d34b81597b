import type { Run } from '../run/run.js';
import { whenAborted } from '../run/when-aborted.js';
import type { InstanceActor } from './instance-actor.js';
import { recordUnfinished } from './unfinished-commands.js';

/**
 * Ends the instances that still run: they are asked to stop, or ended at once when the run is to be killed. Then the
 * commands that were left unfinished are recorded.
 */
export async function endInstances(run: Run, instances: readonly InstanceActor[]): Promise<void> {
  if (run.time.isVirtual) for (const { commands } of instances) commands.forgetAfter(run.clocks.experiment.nowMs());
  const asked = run.time.stage(() => Promise.all(instances.map((instance) => instance.stop())));
  await Promise.race([asked, whenAborted(run.kill).catch(() => {})]);
  await Promise.all(instances.map((instance) => instance.terminate()));
  run.time.stop();
  if (!run.stop.aborted) recordUnfinished(run.failures, instances);
  if (run.state.startedMs !== undefined) run.state.experimentMs = run.clocks.experiment.nowMs() - run.state.startedMs;
}
