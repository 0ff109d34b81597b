import type { Address } from './address.js';

/** Why a packet cannot be sent. */
export type SendObstacle = 'endpoint is closed' | 'packet too long' | 'invalid address';

/** 65,535 minus the headers of IPv4 (20) and UDP (8): the longest payload that IPv4 can carry. */
export const DATAGRAM_BYTES_MAX = 65_507;

/** Why a packet cannot be sent now; undefined when it can. Every endpoint asks before it sends. */
export function sendObstacle(isOpen: boolean, { host, port }: Address, packet: Buffer): SendObstacle | undefined {
  if (!isOpen) return 'endpoint is closed';
  if (packet.length > DATAGRAM_BYTES_MAX) return 'packet too long';
  // A socket of Node would take an empty host for this machine, and would throw at a port that is no whole number.
  if (host === '' || !Number.isInteger(port) || port <= 0 || port > 0xffff) return 'invalid address';
  return undefined;
}
