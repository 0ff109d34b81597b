import type { ScriptGlobals } from '../../instance/load-script.js';
import type { Address } from '../../network/address.js';
import type { PacketObserver } from '../../network/observed/packet-observer.js';
import type { Clock } from '../../runtime/clock.js';
import type { InstanceOutput } from '../instance-output.js';
import type { InstanceScope } from '../instance-scope.js';
import type { World } from '../world.js';

/** The network of a world in real time. */
export interface RealNetwork extends Pick<World, 'learn' | 'go' | 'openEndpoint' | 'outsideHostOf'> {
  /** @param ownsThread - whether the instance has the thread for itself, with the thread's own globals */
  globalsOf(scope: InstanceScope, output: InstanceOutput, ownsThread: boolean): ScriptGlobals;
}

/** What every network in real time is made of. */
export interface RealNetworkInit {
  readonly instanceCount: number;
  readonly seed: string;
  /** The experiment's clock. */
  readonly clock: Clock;
  /** The addresses of the trackers, in their order. */
  readonly trackers: readonly Address[];
  /** Sees the packets of an entity; undefined where nobody wants to. */
  readonly observerOf: (entity: number) => PacketObserver | undefined;
}
