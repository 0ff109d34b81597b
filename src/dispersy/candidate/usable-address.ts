import { type Address, NO_ADDRESS, sameAddress } from '../../network/address.js';

/** Whether a peer can be at an address: not port 0, not 0.0.0.0, and not a network's first or last address. */
export function isUsableAddress({ host, port }: Address): boolean {
  if (port === 0 || host === NO_ADDRESS.host) return false;
  return !host.endsWith('.0') && !host.endsWith('.255');
}

/** Whether a peer may give this address as its own: it is usable, or means none. */
export function isUsableOrNone(address: Address): boolean {
  return isUsableAddress(address) || sameAddress(address, NO_ADDRESS);
}
