import { InstanceHost } from '../host/instance-host.js';
import { ThreadEnvironment } from '../host/thread-environment.js';
import { RealWorld } from '../host/real/real-world.js';
import { ThreadMeter } from '../host/thread-meter.js';
import type { HostEvent, HostInit, InstanceInit } from '../protocol/host-protocol.js';
import type { Clocks } from '../runtime/clock.js';
import { deserialiseError } from '../runtime/error-transfer.js';
import { ThreadGauges } from '../statistics/thread-gauges.js';

/** Lets an instance without modules be set up, run a command, and stop. @throws Error what goes wrong in the instance */
export async function rehearseInstance(host: HostInit, init: InstanceInit, clocks: Clocks): Promise<void> {
  const meter = new ThreadMeter(new ThreadGauges(), clocks.machine);
  const { instanceCount, seed, trackers } = host;
  const world = new RealWorld({ clocks, ownsThread: false, instanceCount, seed, trackers });
  const environment = new ThreadEnvironment({ bundle: host.bundle, world }, false);
  const failures: Error[] = [];
  const emit = ({ event }: HostEvent) => {
    if ('error' in event) failures.push(deserialiseError(event.error));
  };
  const instances = new InstanceHost(host, { environment, meter, emit });
  const { id } = init;
  const { experiment } = clocks;
  await instances.setUp(init);
  await instances.receiveAllVars(id, { key: 0, json: Buffer.from('{}') }, { global_random: 0 });
  const startMs = experiment.nowMs();
  instances.receive({ to: id, message: { type: 'go', startMs } });
  const command = { command: 'annotate', args: ['rehearsal'], kwargs: {}, dueMs: startMs, place: 'rehearsal' };
  instances.receive({ to: id, message: { type: 'command', number: 0, ...command } });
  await new Promise<void>((resolve) => experiment.schedule(1, resolve));
  await instances.stop(id);
  meter.close();
  if (failures[0] !== undefined) throw failures[0];
}
