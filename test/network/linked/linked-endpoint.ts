import { AddressBook } from '../../../src/network/linked/address-book.js';
import { LinkedEndpoint, type LinkedEndpointInit } from '../../../src/network/linked/linked-endpoint.js';
import { type Bandwidth, Bandwidths } from '../../../src/network/links/bandwidth.js';
import { constant } from '../../../src/network/links/distribution.js';
import { DEFAULT_LINK, type LinkChange } from '../../../src/network/links/link-settings.js';
import { LinkTable } from '../../../src/network/links/link-table.js';
import { NetworkFigures } from '../../../src/network/network-figures.js';

type LinkedInit = Pick<LinkedEndpointInit, 'events' | 'logger'> &
  Partial<LinkedEndpointInit> & {
    readonly links?: LinkChange;
    readonly bandwidth?: Partial<Bandwidth>;
  };

/** An endpoint of an entity whose links take 2 ms, unless a test wants them otherwise. */
export function linkedEndpoint(
  endpoint: LinkedEndpointInit['endpoint'],
  entity: number,
  { links, bandwidth, ...init }: LinkedInit,
): LinkedEndpoint {
  return new LinkedEndpoint({
    endpoint,
    entity,
    conditions: {
      links: new LinkTable({ ...DEFAULT_LINK, latency: constant(2), ...links }, 'seed'),
      bandwidths: new Bandwidths({ up: Infinity, down: Infinity, queue: 0, ...bandwidth }),
    },
    addresses: new AddressBook(),
    figures: new NetworkFigures(),
    ...init,
  });
}
