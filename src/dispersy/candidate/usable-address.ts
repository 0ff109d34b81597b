import { type Address, NO_ADDRESS, sameAddress } from '../../network/address.js';

/** Somewhere a peer can be: not port 0, not 0.0.0.0, and not a network's first or last address. */
export function isUsableAddress({ host, port }: Address): boolean {
  if (port === 0 || host === NO_ADDRESS.host) return false;
  return !host.endsWith('.0') && !host.endsWith('.255');
}

/** Usable, or plainly *none*: what a peer may say of itself. */
export function isUsableOrNone(address: Address): boolean {
  return isUsableAddress(address) || sameAddress(address, NO_ADDRESS);
}
