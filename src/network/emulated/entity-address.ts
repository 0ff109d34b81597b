/**
 * The addresses of an emulated network. Every entity – an instance, or a tracker – is a host with an address that follows
 * from its number: instance 7 is 198.18.0.7. The block 198.18.0.0/15 is set aside for tests of networks (RFC 2544, RFC
 * 6890), so that no such address is private, and none is anybody's on the internet. Addresses that end in 0 or 255 are
 * left out, because overlays take them for those of networks and broadcasts. Trackers have the end of the block, and
 * negative numbers.
 */
const FIRST_BYTE = 198;
const SECOND_BYTE_MIN = 18;
const SECOND_BYTE_MAX = 19;
/** The last byte of an address is from 1 to 254. */
const LAST_BYTES = 254;
const HOSTS = (SECOND_BYTE_MAX - SECOND_BYTE_MIN + 1) * 256 * LAST_BYTES;
/** So many addresses at the end of the block are trackers'. */
const TRACKERS_MAX = 256;
/** The largest number that an instance of an emulated network can have. */
export const EMULATED_INSTANCES_MAX = HOSTS - TRACKERS_MAX;

/** The IPv4 address of an entity. */
export function hostOfEntity(entity: number): string {
  return hostAt(FIRST_BYTE, SECOND_BYTE_MIN, entity > 0 ? entity - 1 : HOSTS + entity);
}

/** The entity that has an IPv4 address; undefined when no entity can have it. */
export function entityOfHost(host: string): number | undefined {
  const [first, ...rest] = bytesOf(host) ?? [];
  const index = first === FIRST_BYTE ? indexOf(SECOND_BYTE_MIN, rest) : undefined;
  if (index === undefined || index >= HOSTS) return undefined;
  return index < EMULATED_INSTANCES_MAX ? index + 1 : index - HOSTS;
}

const INSIDE_FIRST_BYTE = 10;

/** The address of an instance in the LAN behind its NAT: instance 7 is 10.0.0.7 there (RFC 1918). No two LANs have the same. */
export function insideHostOf(instance: number): string {
  return hostAt(INSIDE_FIRST_BYTE, 0, instance - 1);
}

/** The instance that has an address in a LAN; undefined when no instance can have it. */
export function instanceOfInsideHost(host: string): number | undefined {
  const [first, ...rest] = bytesOf(host) ?? [];
  const index = first === INSIDE_FIRST_BYTE ? indexOf(0, rest) : undefined;
  return index !== undefined && index < EMULATED_INSTANCES_MAX ? index + 1 : undefined;
}

/** The number of a tracker on the emulated network. @param index - from 0 */
export function trackerEntity(index: number): number {
  return -1 - index;
}

function hostAt(firstByte: number, secondByteMin: number, index: number): string {
  const network = Math.floor(index / LAST_BYTES);
  return `${firstByte}.${secondByteMin + (network >> 8)}.${network & 255}.${1 + (index % LAST_BYTES)}`;
}

/** The place of an address in its block, by its bytes after the first. */
function indexOf(secondByteMin: number, [second = 0, third = 0, last = 0]: readonly number[]): number | undefined {
  if (second < secondByteMin || third > 255 || last < 1 || last > LAST_BYTES) return undefined;
  return ((second - secondByteMin) * 256 + third) * LAST_BYTES + last - 1;
}

function bytesOf(host: string): readonly number[] | undefined {
  return /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
}
