import { type Address, NO_ADDRESS } from '../../network/address.js';
import type { Endpoint } from '../../network/endpoint.js';
import type { ConnectionType } from './connection-type.js';
import { isUsableAddress } from './usable-address.js';

/**
 * Where we are, as far as we know, and which of a peer's two addresses is the one to use. Everything runs within one
 * LAN so far, so that the WAN address is the LAN address; votes of the peers will decide it here.
 */
export class OwnAddresses {
  constructor(private readonly endpoint: Endpoint) {}

  get lan(): Address {
    return this.endpoint.address ?? NO_ADDRESS;
  }

  get wan(): Address {
    return this.lan;
  }

  get connectionType(): ConnectionType {
    return 'unknown';
  }

  /** Peers behind the same WAN host meet inside. */
  choose(lan: Address, wan: Address): Address {
    return wan.host === this.wan.host && isUsableAddress(lan) ? lan : wan;
  }

  /**
   * A peer's addresses as it gave them, except that the one by which we see it is a fact: its LAN address when it is near
   * us, else its WAN address.
   */
  correct(source: Address, lan: Address, wan: Address): { readonly lan: Address; readonly wan: Address } {
    if (!isNear(source.host, this.lan.host)) return { lan, wan: source };
    return { lan: source, wan: isUsableAddress(wan) ? wan : source };
  }
}

/** The same host, or both on the loopback interface. A netmask is not known here. */
function isNear(host: string, ownHost: string): boolean {
  return host === ownHost || (host.startsWith(LOOPBACK) && ownHost.startsWith(LOOPBACK));
}

const LOOPBACK = '127.';
