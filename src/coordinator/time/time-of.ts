import { lookaheadMsOf } from '../../network/links/link-table.js';
import { instancesSetBehindNats } from '../../network/nat/later-nats.js';
import type { Clock } from '../../runtime/clock.js';
import { groupsOf } from '../instances/instance-hosts.js';
import type { LoadedExperiment } from '../run/run-context.js';
import { type ExperimentTime, realTime } from './experiment-time.js';
import { VirtualTime } from './virtual-time.js';

/** The time that a run lives in. @param machine - the machine's clock */
export function timeOf({ config, network: { steps } }: LoadedExperiment, machine: Clock): ExperimentTime {
  const { clock, clockSpeed, epochMs, links, regions, bandwidth, nats, windowLimitMs } = config.world;
  if (clock === 'real') return realTime(machine);
  const groups = groupsOf(config);
  return new VirtualTime(
    {
      hostCount: groups.length,
      instancesPerHost: groups[0]?.length ?? 1,
      trackerCount: config.tracker.command.kind === 'none' ? 0 : config.tracker.count,
      links,
      regions,
      bandwidth,
      nats: { ...nats, later: instancesSetBehindNats(steps) },
      networkSteps: steps,
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
