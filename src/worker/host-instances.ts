import { basename } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { expose } from 'comlink';
import { discardOutput } from '../host/capture-output.js';
import { InstanceHost } from '../host/instance-host.js';
import { PacketCapture } from '../host/packet-capture.js';
import { ThreadEnvironment } from '../host/thread-environment.js';
import { ThreadMeter } from '../host/thread-meter.js';
import { VirtualWorld } from '../host/virtual/virtual-world.js';
import { RealWorld } from '../host/real/real-world.js';
import type { HostApi, HostEvent, HostInit, HostMessage, VirtualHostInit } from '../protocol/host-protocol.js';
import type { NetworkInit } from '../protocol/network-protocol.js';
import type { Clocks } from '../runtime/clock.js';
import { type FramedPort, framedPort } from '../runtime/framed-port.js';
import { ThreadGauges } from '../statistics/thread-gauges.js';
import { trackerEntity } from '../network/emulated/entity-address.js';
import { makeTrackers, trackerOutput } from './make-trackers.js';

/** Gives the instances of a host this thread, and the port to the coordinator. */
export function hostInstances(init: HostInit, port: MessagePort, clocks: Clocks): void {
  const { virtual, network } = init;
  if (virtual === undefined || network === undefined) hostInRealTime(init, port, clocks);
  else hostInVirtualTime(init, { ...virtual, network }, port, clocks);
}

function hostInRealTime(init: HostInit, port: MessagePort, clocks: Clocks): void {
  const ownsThread = init.ids.length === 1;
  const capture = init.capture && new PacketCapture(init.capture, (what, error) => host.fault(what, error));
  const world = new RealWorld({ ...init, clocks, ownsThread, capture });
  const environment = new ThreadEnvironment({ ...init, world }, ownsThread);
  const { host, frames } = openHost(init, port, environment, (message) => host.receive(message));
  if (!ownsThread)
    // An instance alone in a thread ends with the thread. Where several share one, nobody can tell which instance the
    // error belongs to, and all go on.
    keepGoing((what, error) => host.fault(what, error));
  expose(hostApi(host), frames.calls);
}

/** In virtual time whatever the coordinator asks for is an event of the instance, and one instance is active at a time. */
function hostInVirtualTime(
  init: HostInit,
  virtual: VirtualHostInit & { readonly network: NetworkInit },
  port: MessagePort,
  { machine }: Clocks,
): void {
  const onPark = () => {
    // The coordinator looks at counts while all stand still: they are the counts of that moment then.
    host.noteTraffic();
    world.flush();
    frames.post({ from: 'host', event: { type: 'parked' } } satisfies HostEvent);
  };
  const onWarning = (from: number, message: string) =>
    frames.post({ from, event: { type: 'warning', message } } satisfies HostEvent);
  const world = new VirtualWorld(init, virtual, virtual.network, {
    ...{ machine, onPark, onWarning },
    onFault: (what, error) => host.fault(what, error),
  });
  const environment = new ThreadEnvironment({ ...init, world }, false);
  const { host, frames } = openHost(init, port, environment, (message) => {
    if (message.to === 'host' && message.message.type === 'resume') world.resume();
    else if (message.to === 'host' && message.message.type === 'go') world.go(message.message.startMs);
    else if (message.to !== 'host' && message.message.type === 'command') {
      const { dueMs, command, args, place } = message.message;
      const describe = () => [command, ...args, `(${basename(place)})`].join(' ');
      world.schedule(message.to, dueMs, describe, () => host.receive(message));
    } else host.receive(message);
  });
  keepGoing((what, error) => {
    const { activeScope } = world;
    if (activeScope === undefined) host.fault(what, error);
    else activeScope.lose(error);
  });
  const api = hostApi(host);
  expose(
    {
      ...api,
      setUp: (instance) => world.call(instance.id, () => api.setUp(instance)),
      receiveAllVars: (id, ...variables) => world.call(id, () => api.receiveAllVars(id, ...variables)),
      restart: (instance, ...start) => world.call(instance.id, () => api.restart(instance, ...start)),
      stop: (id) => world.call(id, () => api.stop(id)),
    } satisfies HostApi,
    frames.calls,
  );
  if (virtual.trackers === undefined) return;
  const trackers = makeTrackers(virtual.trackers, trackerOutput(virtual.trackers), world);
  const describe = () => 'start';
  world.schedule(trackerEntity(0), 0, describe, () => void trackers.start());
}

function openHost(
  init: HostInit,
  port: MessagePort,
  environment: ThreadEnvironment,
  onMessage: (message: HostMessage) => void,
): { readonly host: InstanceHost; readonly frames: FramedPort } {
  const meter = new ThreadMeter(new ThreadGauges(init.threadGauges), environment.world.machine);
  const frames = framedPort(port, { onMessage: (message) => onMessage(message as HostMessage) });
  const host = new InstanceHost(init, { environment, meter, emit: (event: HostEvent) => frames.post(event) });
  // A thread that crashes or exits by itself still writes its statistics, and what it has captured.
  process.once('exit', () => {
    host.closeStatistics();
    environment.world.flush();
  });
  return { host, frames };
}

/** Takes errors that nobody caught, so that they do not end the thread with all its instances. */
function keepGoing(onError: (what: string, error: unknown) => void): void {
  // Output of native code belongs to none of the instances.
  discardOutput();
  process.on('uncaughtException', (error) => onError('an exception that nobody caught', error));
  process.on('unhandledRejection', (reason) => onError('a rejected promise that nobody handled', reason));
}

function hostApi(host: InstanceHost): HostApi {
  return {
    setUp: (instance) => host.setUp(instance),
    receiveAllVars: (id, allVars, serverVars) => host.receiveAllVars(id, allVars, serverVars),
    restart: (instance, ...start) => host.restart(instance, ...start),
    stop: (id) => host.stop(id),
    end: (id) => host.end(id),
  };
}
