/** What became of packets that entities of one thread sent, or were to receive; the counts of all threads belong together. */
export interface NetworkCounts {
  /** All packets that were sent. */
  sent: number;
  /** Packets that were lost on a link, by chance or by a fault. */
  lost: number;
  /** Packets for an address that nobody has, or for a port at which nobody listens. */
  toNobody: number;
  /** Packets longer than their link carries. */
  tooLong: number;
  /** Packets for which the queue of their sender's or receiver's connection had no room. */
  queueFull: number;
  /** Packets that were sent on twice; the second is not among those sent. */
  duplicated: number;
  /** Packets that were sent on with a wrong bit. */
  corrupted: number;
  /** Packets that a NAT or firewall of their receiver did not let in. */
  filtered: number;
  /** Packets to the outside address of their sender's own NAT, which does not hairpin. */
  notHairpinned: number;
  /** Packets for which their sender's NAT had no outside port left. */
  withoutPort: number;
}

export function noPackets(): NetworkCounts {
  return {
    sent: 0,
    lost: 0,
    toNobody: 0,
    tooLong: 0,
    queueFull: 0,
    duplicated: 0,
    corrupted: 0,
    filtered: 0,
    notHairpinned: 0,
    withoutPort: 0,
  };
}
