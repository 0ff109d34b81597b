import { Bandwidths } from '../network/links/bandwidth.js';
import type { Distribution } from '../network/links/distribution.js';
import { LinkTable } from '../network/links/link-table.js';
import type { NetworkChange } from '../network/links/network-change.js';
import { applyChange, type Freezer, type NetworkConditions } from '../network/links/network-conditions.js';
import { Router } from '../network/nat/router.js';
import { NetworkFigures } from '../network/network-figures.js';
import type { NetworkInit } from '../protocol/network-protocol.js';
import { GumbyError } from '../runtime/errors.js';
import { instancesIn } from '../runtime/peers/instance-range.js';
import type { EventMaker } from '../runtime/virtual-time/event-maker.js';

/** The number of the network among instances, which are above it, and trackers, which are below. */
export const NETWORK = 0;

/** The network of a run, as one of its threads has it: what it is like at this moment, and what is counted of it. */
export class HostNetwork implements NetworkConditions {
  readonly links: LinkTable;
  readonly bandwidths: Bandwidths;
  readonly router: Router;
  readonly figures: NetworkFigures;
  readonly #init: NetworkInit;
  readonly #instanceCount: number;
  #hasBegun = false;

  /** @param freezer - absent where time passes by itself */
  constructor(
    init: NetworkInit,
    instanceCount: number,
    seed: string,
    readonly freezer?: Freezer,
  ) {
    this.#init = init;
    this.#instanceCount = instanceCount;
    this.links = new LinkTable(init.links, seed, init.regions);
    this.bandwidths = new Bandwidths(init.bandwidth);
    this.router = new Router(init.nats, seed);
    this.figures = new NetworkFigures(init.figures);
  }

  /** The experiment begins at `startMs`: from then on the scenario changes the network. It begins once. */
  go(startMs: number, events: EventMaker): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    for (const { timeMs, change } of this.#init.steps)
      events.add('network', startMs + timeMs, NETWORK, NETWORK, () => this.apply(change), { what: change.type });
  }

  /**
   * What a module changes has to fit what was known at the beginning. @throws GumbyError NETWORK_UNCHANGEABLE
   * @param lookaheadMs - the smallest latency that any packet can have
   */
  checkChange(change: NetworkChange, lookaheadMs: number): void {
    if (change.type === 'set-link') this.#checkSpeed(change, lookaheadMs);
    if (change.type !== 'set-nat') return;
    for (const instance of instancesIn(change.group)) {
      const obstacle = this.router.obstacleTo(change.nat, instance);
      if (obstacle === undefined) continue;
      const message = `a module cannot set the NAT "${change.nat}": ${obstacle}; use the option nat, or let the scenario set it`;
      throw new GumbyError('NETWORK_UNCHANGEABLE', message);
    }
  }

  /** Nothing may be faster than what threads count on. */
  #checkSpeed({ change }: Extract<NetworkChange, { readonly type: 'set-link' }>, lookaheadMs: number): void {
    const { latency, jitter } = change;
    const jitterMs = Math.min(...jittersOf(this.#init).map(({ from }) => from));
    const isTooFast =
      (latency !== undefined && latency.from < lookaheadMs) || (jitter !== undefined && jitter.from < jitterMs);
    if (!isTooFast) return;
    const message = `a module cannot make links faster than ${lookaheadMs} ms, the fastest of configuration and scenario: set link_latency and link_jitter to what is needed at least, and let set_link make them slower`;
    throw new GumbyError('NETWORK_UNCHANGEABLE', message);
  }

  apply(change: NetworkChange): void {
    applyChange(this, change);
  }

  /** The thread that an entity lives in; undefined for an entity that the run does not have. */
  threadOf(entity: number): number | undefined {
    const { trackerCount, trackerThread, instancesPerThread } = this.#init;
    if (entity < 0) return -entity <= trackerCount ? trackerThread : undefined;
    return entity <= this.#instanceCount ? Math.floor((entity - 1) / instancesPerThread) : undefined;
  }
}

function jittersOf({ links, steps }: NetworkInit): readonly Distribution[] {
  const set = steps.flatMap(({ change }) => (change.type === 'set-link' ? (change.change.jitter ?? []) : []));
  return [links.jitter, ...set];
}
