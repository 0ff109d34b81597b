import type { ScriptGlobals } from '../instance/load-script.js';
import type { MeteredEndpoint } from '../network/socket-figures.js';
import type { NetworkFigures } from '../protocol/host-protocol.js';
import type { Clock, Clocks } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { ObservedEndpoint } from '../network/observed/observed-endpoint.js';
import { UdpEndpoint } from '../network/udp-endpoint.js';
import type { InstanceOutput } from './instance-output.js';
import { instanceGlobals } from './instance-globals.js';
import type { InstanceScope } from './instance-scope.js';
import type { PacketCapture } from './packet-capture.js';

export interface OpenEndpointInit {
  readonly logger: Logger;
  /** How large a receive buffer to ask the system for. @default the system's own */
  readonly receiveBufferBytes?: number;
}

/** The world that the instances of a thread live in: what time it is there, and what network they are on. */
export interface World {
  /** The machine's clock. */
  readonly machine: Clock;
  /**
   * Whether instances note what they measure as it goes, because whoever looks may look at any moment. In virtual time
   * it is noted when all stand still, before anybody looks.
   */
  readonly notesAsItGoes: boolean;
  /** An instance begins to live. */
  enter(scope: InstanceScope): void;
  /** The experiment's clock of an instance or tracker. */
  clockOf(entity: number): Clock;
  /** The clock by which an instance's traffic is dated: the clock of whoever looks at it. */
  trafficClockOf(entity: number): Clock;
  /** @returns a closed endpoint for an instance or tracker */
  openEndpoint(entity: number, init: OpenEndpointInit): MeteredEndpoint;
  /** The host at which others see an instance; undefined where it is the host of its sockets. */
  outsideHostOf(entity: number): string | undefined;
  /** What became of the packets of the entities of this thread; undefined on sockets of the system. */
  networkFigures(): NetworkFigures | undefined;
  /** The names of globals that instances have for themselves besides those of `GLOBAL_NAMES`. */
  readonly furtherGlobals: readonly string[];
  /** The globals that an instance has for itself. */
  globalsOf(scope: InstanceScope, output: InstanceOutput): ScriptGlobals;
  /** Writes down what is gathered for the files that the thread writes beside the experiment. */
  flush(): void;
}

/**
 * Real time, and sockets of the system.
 * @param ownsThread - whether a single instance has the thread for itself, with the thread's own globals
 * @param capture - captures packets; undefined where nobody asked for it
 */
export function realWorld({ machine, experiment }: Clocks, ownsThread: boolean, capture?: PacketCapture): World {
  return {
    machine,
    notesAsItGoes: true,
    furtherGlobals: [],
    outsideHostOf: () => undefined,
    networkFigures: () => undefined,
    enter() {},
    clockOf: () => experiment,
    trafficClockOf: () => machine,
    openEndpoint(entity, init) {
      const endpoint = new UdpEndpoint(init);
      const observer = capture?.observerOf(entity, experiment);
      return observer === undefined ? endpoint : new ObservedEndpoint(endpoint, observer);
    },
    globalsOf: (scope, output) => (ownsThread ? {} : instanceGlobals(scope, output)),
    flush: () => capture?.flush(),
  };
}
