/** What stands between a peer and the network, as far as it knows. */
export type ConnectionType = 'unknown' | 'public' | 'symmetric-NAT';

/** Bits 7 and 6 of the flags of introductions. */
export function connectionTypeBits(connectionType: ConnectionType): number {
  switch (connectionType) {
    case 'unknown':
      return 0;
    case 'public':
      return 0b1000_0000;
    case 'symmetric-NAT':
      return 0b1100_0000;
  }
}

export function connectionTypeFrom(flags: number): ConnectionType {
  switch (flags & 0b1100_0000) {
    case 0b1000_0000:
      return 'public';
    case 0b1100_0000:
      return 'symmetric-NAT';
    default:
      return 'unknown';
  }
}
