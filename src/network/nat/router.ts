import { type Address, NO_ADDRESS } from '../address.js';
import type { InstanceRange } from '../../runtime/peers/instance-range.js';
import { AddressPlan } from './address-plan.js';
import type { NatPlan } from './nat-plan.js';
import { type NatType, translates } from './nat-type.js';
import { Nats } from './nats.js';

/** Why a packet gets no further than its sender's NAT. */
export type RouteObstacle =
  /** Nobody has the address that it is for. */
  | 'nobody'
  /** It is for the outside address of its sender's own NAT, which does not hairpin. */
  | 'hairpin'
  /** The NAT has no outside port left. */
  | 'ports';

/** Where a packet goes. */
export interface Route {
  readonly target: number;
  /** The port that its receiver sees it come from. */
  readonly sourcePort: number;
  /** Whether it stays in the LAN of its sender. */
  readonly isInside: boolean;
}

const NOBODY = { obstacle: 'nobody' } as const;
const NO_HAIRPIN = { obstacle: 'hairpin' } as const;
const NO_PORT = { obstacle: 'ports' } as const;

/** Leads the packets of the emulated network through NATs, as far as they are of the entities of one thread. */
export class Router {
  readonly #addresses: AddressPlan;
  readonly #nats: Nats;
  readonly #hairpins: boolean;
  /** Whether there is any NAT; nobody looks for one where there is none. */
  readonly hasNats: boolean;

  constructor(plan: NatPlan, seed: string) {
    this.#addresses = new AddressPlan(plan);
    this.#nats = new Nats(this.#addresses, plan.settings, seed);
    this.#hairpins = plan.settings.hairpins;
    this.hasNats = this.#addresses.hasNats;
  }

  /** The address that an entity's sockets have. */
  insideHostOf(entity: number): string {
    return this.#addresses.siteOf(entity).insideHost;
  }

  /** The address at which a packet's receiver sees its sender. */
  sourceHostOf(source: number, isInside: boolean): string {
    const { insideHost, outsideHost } = this.#addresses.siteOf(source);
    return isInside ? insideHost : outsideHost;
  }

  natTypeOf(entity: number): NatType {
    return this.#nats.typeOf(entity);
  }

  /** Why an instance cannot have a NAT that nobody knew of at the beginning; undefined when it can. */
  obstacleTo(type: NatType, instance: number): string | undefined {
    const { insideHost, outsideHost, shared } = this.#addresses.siteOf(instance);
    if (!this.hasNats) return 'neither the configuration nor the scenario has a NAT';
    if (shared !== undefined && !translates(type)) return `instance ${instance} shares a NAT with others`;
    if (translates(type) && insideHost === outsideHost)
      return `instance ${instance} has no address inside, because neither the configuration nor the scenario puts it behind a NAT`;
    return undefined;
  }

  setNat(type: NatType, group: readonly InstanceRange[]): void {
    this.#nats.set(type, group);
  }

  /** A packet is sent: its sender's NAT translates it. @param sourcePort - the inside port */
  route(
    source: number,
    sourcePort: number,
    destination: Address,
    nowMs: number,
  ): Route | { readonly obstacle: RouteObstacle } {
    const { host } = destination;
    if (host.startsWith('127.')) return { target: source, sourcePort, isInside: true };
    if (host === NO_ADDRESS.host) return NOBODY;
    if (host.startsWith('10.')) return this.#routeInside(source, sourcePort, host);
    const target = this.#addresses.outsideOwnerOf(destination);
    if (!this.hasNats) return target === undefined ? NOBODY : { target, sourcePort, isInside: false };
    if (this.#isOwnNat(source, target, host) && !this.#hairpins) return NO_HAIRPIN;
    const outsidePort = this.#nats.outbound(source, sourcePort, destination, nowMs);
    if (outsidePort === undefined) return NO_PORT;
    return target === undefined ? NOBODY : { target, sourcePort: outsidePort, isInside: false };
  }

  /** A packet arrives from outside. @returns the inside port that it goes to; undefined when a NAT does not let it in */
  admit(target: number, port: number, source: Address, nowMs: number): number | undefined {
    return this.hasNats ? this.#nats.inbound(target, port, source, nowMs) : port;
  }

  #routeInside(source: number, sourcePort: number, host: string): ReturnType<Router['route']> {
    const target = this.#addresses.insideOwnerOf(host);
    if (target === undefined || !this.#addresses.areInOneLan(source, target)) return NOBODY;
    return { target, sourcePort, isInside: true };
  }

  /** Whether a packet goes from behind a NAT to the outside of the same one. */
  #isOwnNat(source: number, target: number | undefined, host: string): boolean {
    const { insideHost, outsideHost } = this.#addresses.siteOf(source);
    if (insideHost === outsideHost) return false;
    return host === outsideHost || (target !== undefined && this.#addresses.areInOneLan(source, target));
  }
}
