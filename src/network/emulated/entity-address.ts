/**
 * The addresses of an emulated network. Every entity – an instance, or a tracker – is a host with an address that follows
 * from its number: instance 7 is 198.18.0.7. The block 198.18.0.0/15 is set aside for tests of networks (RFC 2544, RFC
 * 6890), so that no such address is private, and none is anybody's on the internet. Trackers have the end of the block,
 * and negative numbers.
 */
const BLOCK = (198 << 24) | (18 << 16);
const BLOCK_SIZE = 2 ** 17;
/** So many addresses at the end of the block are trackers'. */
const TRACKERS_MAX = 256;
/** The largest number that an instance of an emulated network can have. */
export const EMULATED_INSTANCES_MAX = BLOCK_SIZE - TRACKERS_MAX - 1;

/** The IPv4 address of an entity. */
export function hostOfEntity(entity: number): string {
  const offset = entity > 0 ? entity : BLOCK_SIZE + entity;
  const address = (BLOCK + offset) >>> 0;
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** The entity that has an IPv4 address, if any entity can have it. */
export function entityOfHost(host: string): number | undefined {
  const parts = host.split('.').map(Number);
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  const offset = address - (BLOCK >>> 0);
  if (parts.length !== 4 || !(offset > 0 && offset < BLOCK_SIZE)) return undefined;
  return offset >= BLOCK_SIZE - TRACKERS_MAX ? offset - BLOCK_SIZE : offset;
}

/** The number of a tracker on the emulated network. @param index - from 0 */
export function trackerEntity(index: number): number {
  return -1 - index;
}
