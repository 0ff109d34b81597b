import type { ScriptGlobals } from '../../instance/load-script.js';
import type { Carrier } from '../../network/carrier.js';
import { EmulatedNetwork } from '../../network/emulated/emulated-network.js';
import { Mailboxes } from '../../network/emulated/mailboxes.js';
import { MemoryEndpoint } from '../../network/memory-endpoint.js';
import { observedCarrier } from '../../network/observed/observed-carrier.js';
import type { MeteredEndpoint } from '../../network/socket-figures.js';
import type { NetworkInit } from '../../protocol/network-protocol.js';
import { TimedEvents } from '../../runtime/virtual-time/timed-events.js';
import { emulatedDgram } from '../emulated-dgram.js';
import { HostNetwork } from '../host-network.js';
import { globalsWith } from '../instance-globals.js';
import type { InstanceOutput } from '../instance-output.js';
import type { InstanceScope } from '../instance-scope.js';
import { instanceTimers } from '../instance-timers.js';
import { scopedClock } from '../scoped-clock.js';
import type { OpenEndpointInit } from '../world.js';
import type { RealNetwork, RealNetworkInit } from './real-network.js';

/** The emulated network by the real clock: threads put packets into each other's mailboxes. */
export class EmulatedRealNetwork implements RealNetwork {
  readonly #init: RealNetworkInit;
  readonly #network: HostNetwork;
  readonly #events: TimedEvents;
  readonly #emulated: EmulatedNetwork;

  constructor({ mailboxes = [], thread, ...network }: NetworkInit, init: RealNetworkInit) {
    this.#init = init;
    this.#network = new HostNetwork({ ...network, thread }, init.instanceCount, init.seed);
    this.#events = new TimedEvents(init.clock);
    const { links, bandwidths, router, figures } = this.#network;
    const others = new Mailboxes(mailboxes, thread, figures);
    this.#emulated = new EmulatedNetwork({
      ...{ events: this.#events, fates: links, router, bandwidths, figures, thread, others },
      threadOf: (entity) => this.#network.threadOf(entity),
    });
    others.watch((crossing) => this.#emulated.receive(crossing));
  }

  /** Addresses follow from numbers. */
  learn(): void {}

  go(startMs: number): void {
    this.#network.go(startMs, this.#events);
  }

  openEndpoint(entity: number, { logger }: OpenEndpointInit): MeteredEndpoint {
    const host = this.#network.router.insideHostOf(entity);
    return new MemoryEndpoint({ carrier: this.#carrierOf(entity), host, logger });
  }

  outsideHostOf(entity: number): string {
    return this.#network.router.sourceHostOf(entity, false);
  }

  globalsOf(scope: InstanceScope, output: InstanceOutput, ownsThread: boolean): ScriptGlobals {
    let made: object | undefined;
    const dgram = () =>
      (made ??= emulatedDgram({
        carrier: scopedCarrier(this.#carrierOf(scope.id), scope),
        host: this.#network.router.insideHostOf(scope.id),
        clock: scopedClock(this.#init.clock, scope),
        own: (close) => scope.own(close),
      }));
    const moduleOf = (name: string) => (name === 'dgram' ? dgram() : undefined);
    if (!ownsThread) return globalsWith(scope, output, { timers: instanceTimers(scope), moduleOf });
    return { require: (name: string) => moduleOf(name.replace(/^node:/, '')) };
  }

  #carrierOf(entity: number): Carrier {
    const carrier = this.#emulated.carrierOf(entity);
    const observer = this.#init.observerOf(entity);
    return observer === undefined ? carrier : observedCarrier(carrier, observer);
  }
}

/** A network whose packets reach code of one instance: what it throws ends the instance, and nobody else. */
function scopedCarrier(carrier: Carrier, scope: InstanceScope): Carrier {
  return {
    bind: (host, preferredPort, receive) =>
      carrier.bind(host, preferredPort, (source, packet) => scope.run(() => receive(source, packet))),
    carry: (source, destination, packet) => carrier.carry(source, destination, packet),
  };
}
