import type { ScriptGlobals } from '../../instance/load-script.js';
import type { ExperimentNetwork } from '../../instance/experiment-network.js';
import type { InstancesVars } from '../../instance/instance.js';
import type { Address } from '../../network/address.js';
import type { MeteredEndpoint } from '../../network/socket-figures.js';
import type { NetworkInit } from '../../protocol/network-protocol.js';
import type { Clock, Clocks } from '../../runtime/clock.js';
import type { PacketCapture } from '../packet-capture.js';
import type { InstanceOutput } from '../instance-output.js';
import type { InstanceScope } from '../instance-scope.js';
import { unchangeableNetwork } from '../module-network.js';
import type { OpenEndpointInit, World } from '../world.js';
import { EmulatedRealNetwork } from './emulated-real-network.js';
import { LinkedUdpNetwork } from './linked-udp-network.js';
import { PlainUdpNetwork } from './plain-udp-network.js';
import type { RealNetwork, RealNetworkInit } from './real-network.js';

export interface RealWorldInit {
  readonly clocks: Clocks;
  /** Whether a single instance has the thread for itself, with the thread's own globals. */
  readonly ownsThread: boolean;
  readonly instanceCount: number;
  readonly seed: string;
  /** The addresses of the trackers, in their order. */
  readonly trackers: readonly Address[];
  /** Absent where the network is the machine's own, and nothing is changed about it. */
  readonly network?: NetworkInit | undefined;
  /** Captures packets; absent where nobody asked for it. */
  readonly capture?: PacketCapture | undefined;
}

/** Real time, and whatever network the run asks for. */
export class RealWorld implements World {
  readonly machine: Clock;
  readonly notesAsItGoes = true;
  readonly furtherGlobals: readonly string[] = [];
  readonly #experiment: Clock;
  readonly #ownsThread: boolean;
  readonly #capture: PacketCapture | undefined;
  readonly #network: RealNetwork;

  constructor({ clocks: { machine, experiment }, ownsThread, network, capture, ...init }: RealWorldInit) {
    this.machine = machine;
    this.#experiment = experiment;
    this.#ownsThread = ownsThread;
    this.#capture = capture;
    const observerOf = (entity: number) => capture?.observerOf(entity, experiment);
    this.#network = networkOf(network, { ...init, clock: experiment, observerOf });
  }

  outsideHostOf(entity: number): string | undefined {
    return this.#network.outsideHostOf(entity);
  }

  networkOf(): ExperimentNetwork {
    return unchangeableNetwork();
  }

  enter(): void {}

  learn(readVars: () => InstancesVars): void {
    this.#network.learn(readVars);
  }

  go(startMs: number): void {
    this.#network.go(startMs);
  }

  clockOf(): Clock {
    return this.#experiment;
  }

  trafficClockOf(): Clock {
    return this.machine;
  }

  openEndpoint(entity: number, init: OpenEndpointInit): MeteredEndpoint {
    return this.#network.openEndpoint(entity, init);
  }

  globalsOf(scope: InstanceScope, output: InstanceOutput): ScriptGlobals {
    return this.#network.globalsOf(scope, output, this.#ownsThread);
  }

  flush(): void {
    this.#capture?.flush();
  }
}

function networkOf(network: NetworkInit | undefined, init: RealNetworkInit): RealNetwork {
  if (network === undefined) return new PlainUdpNetwork(init);
  return network.kind === 'udp' ? new LinkedUdpNetwork(network, init) : new EmulatedRealNetwork(network, init);
}
