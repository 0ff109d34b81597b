import { lookaheadMsOf } from '../../network/links/link-table.js';
import type { Clock } from '../../runtime/clock.js';
import { groupsOf } from '../instances/instance-hosts.js';
import type { LoadedExperiment } from '../run/run-context.js';
import { type ExperimentTime, realTime } from './experiment-time.js';
import { VirtualTime } from './virtual-time.js';

/** The time that a run lives in. @param machine - the machine's clock */
export function timeOf({ config, network: { steps } }: LoadedExperiment, machine: Clock): ExperimentTime {
  const { clock, clockSpeed, epochMs, links, windowLimitMs } = config.world;
  if (clock === 'real') return realTime(machine);
  return new VirtualTime(
    {
      hostCount: groupsOf(config).length,
      lookaheadMs: lookaheadMsOf(
        links,
        steps.map(({ change }) => change),
      ),
      epochMs,
      speed: clockSpeed,
      ...(config.world.traces ? { traceDir: config.outputDir } : {}),
      windowLimitMs,
    },
    machine,
  );
}
