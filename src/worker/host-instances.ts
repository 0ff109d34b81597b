import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { discardOutput } from '../host/capture-output.js';
import { InstanceHost } from '../host/instance-host.js';
import { ThreadEnvironment } from '../host/thread-environment.js';
import { ThreadMeter } from '../host/thread-meter.js';
import type { HostApi, HostEvent, HostInit, HostMessage } from '../protocol/host-protocol.js';
import type { Clocks } from '../runtime/clock.js';
import { framedPort } from '../runtime/framed-port.js';
import { ThreadGauges } from '../statistics/thread-gauges.js';

/** Gives the instances of a host this thread, and the port to the coordinator. */
export function hostInstances(init: HostInit, port: MessagePort, clocks: Clocks): void {
  const isShared = init.ids.length > 1;
  const environment = new ThreadEnvironment({ ...init, clocks }, !isShared);
  const meter = new ThreadMeter(new ThreadGauges(init.threadGauges), clocks.machine);
  const frames = framedPort(port, { onMessage: (message) => host.receive(message as HostMessage) });
  const emit = (event: HostEvent) => frames.post(event);
  const host = new InstanceHost(init, { environment, meter, emit });
  // A thread that crashes or exits by itself still writes its statistics.
  process.once('exit', () => host.closeStatistics());
  if (isShared) {
    // Output of native code belongs to none of the instances.
    discardOutput();
    // An instance alone in a thread ends with the thread. Where several share one, nobody can tell which instance the
    // error belongs to, and all go on.
    process.on('uncaughtException', (error) => host.fault('an exception that nobody caught', error));
    process.on('unhandledRejection', (reason) => host.fault('a rejected promise that nobody handled', reason));
  }
  const api: HostApi = {
    setUp: (instance) => host.setUp(instance),
    receiveAllVars: (id, allVars, serverVars) => host.receiveAllVars(id, allVars, serverVars),
    stop: (id) => host.stop(id),
    end: (id) => host.end(id),
  };
  expose(api, frames.calls);
}
