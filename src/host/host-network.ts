import { Bandwidths } from '../network/links/bandwidth.js';
import { LinkTable } from '../network/links/link-table.js';
import type { NetworkChange } from '../network/links/network-change.js';
import { applyChange, type Freezer, type NetworkConditions } from '../network/links/network-conditions.js';
import { Router } from '../network/nat/router.js';
import { NetworkFigures } from '../network/network-figures.js';
import type { NetworkInit } from '../protocol/network-protocol.js';
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
