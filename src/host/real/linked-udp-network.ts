import type { InstancesVars } from '../../instance/instance.js';
import { trackerEntity } from '../../network/emulated/entity-address.js';
import { AddressBook } from '../../network/linked/address-book.js';
import { LinkedEndpoint } from '../../network/linked/linked-endpoint.js';
import type { MeteredEndpoint } from '../../network/socket-figures.js';
import type { NetworkInit } from '../../protocol/network-protocol.js';
import { TimedEvents } from '../../runtime/virtual-time/timed-events.js';
import { HostNetwork } from '../host-network.js';
import type { OpenEndpointInit } from '../world.js';
import { PlainUdpNetwork } from './plain-udp-network.js';
import type { RealNetworkInit } from './real-network.js';

/** Sockets of the system, with links that senders make. */
export class LinkedUdpNetwork extends PlainUdpNetwork {
  readonly #network: HostNetwork;
  readonly #events: TimedEvents;
  readonly #addresses = new AddressBook();
  #known: InstancesVars | undefined;

  constructor(network: NetworkInit, init: RealNetworkInit) {
    super(init);
    this.#network = new HostNetwork(network, init.instanceCount, init.seed);
    this.#events = new TimedEvents(init.clock);
    for (const [index, address] of init.trackers.entries()) this.#addresses.note(trackerEntity(index), address);
  }

  override learn(readVars: () => InstancesVars): void {
    const vars = readVars();
    // Instances that live together are told the same.
    if (vars === this.#known) return;
    this.#known = vars;
    for (const [id, { host, port }] of Object.entries(vars))
      if (typeof host === 'string' && typeof port === 'number') this.#addresses.note(Number(id), { host, port });
  }

  override go(startMs: number): void {
    this.#network.go(startMs, this.#events);
  }

  protected override wrap(endpoint: MeteredEndpoint, entity: number, { logger }: OpenEndpointInit): MeteredEndpoint {
    const { figures } = this.#network;
    const [conditions, events, addresses] = [this.#network, this.#events, this.#addresses];
    return new LinkedEndpoint({ endpoint, entity, events, conditions, addresses, figures, logger });
  }
}
