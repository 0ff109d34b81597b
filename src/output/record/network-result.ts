/** What became of the packets of a run's network, trackers' included; what the network cannot see is absent. */
export interface PacketCounts {
  /** All packets that were sent. Those neither lost, stopped nor for nobody arrived, or were on their way at the end. */
  readonly sent: number;
  /** Packets that were lost on a link, by chance or by a fault that the scenario made. */
  readonly lost?: number;
  /** Packets for an address that nobody has, or for a port at which nobody listens. */
  readonly toNobody?: number;
  /** Packets longer than their link carries. */
  readonly tooLong?: number;
  /** Packets for which the queue of their sender's or receiver's connection had no room. */
  readonly queueFull?: number;
  /** Packets that were sent on twice; the second is not among those sent. */
  readonly duplicated?: number;
  /** Packets that were sent on with a wrong bit. */
  readonly corrupted?: number;
  /** Packets that a NAT or firewall of their receiver did not let in. */
  readonly filtered?: number;
  /** Packets to the outside address of their sender's own NAT, which does not hairpin. */
  readonly notHairpinned?: number;
  /** Packets for which their sender's NAT had no outside port left. */
  readonly withoutPort?: number;
  /** Packets that a socket kept back, for the latency of their link or for bandwidth, and that was closed meanwhile. */
  readonly notLeft?: number;
  /** Packets between threads for which the thread of their receiver had no room, because it was busy for too long. */
  readonly notTaken?: number;
}

/** What can become of a packet on its way, in words that follow a number. */
export const PACKET_FATES = [
  { fate: 'lost', meaning: 'lost on links' },
  { fate: 'toNobody', meaning: 'for nobody' },
  { fate: 'tooLong', meaning: 'too long for their links' },
  { fate: 'queueFull', meaning: 'lost at full queues' },
  { fate: 'duplicated', meaning: 'doubled on links' },
  { fate: 'corrupted', meaning: 'with a wrong bit' },
  { fate: 'filtered', meaning: 'stopped by NATs or firewalls' },
  { fate: 'notHairpinned', meaning: 'to the sender’s own NAT' },
  { fate: 'withoutPort', meaning: 'without a free port of a NAT' },
  { fate: 'notLeft', meaning: 'kept back by sockets that were closed' },
  { fate: 'notTaken', meaning: 'not taken by threads that were too busy' },
] as const satisfies readonly { readonly fate: keyof PacketCounts; readonly meaning: string }[];

/** How many ordered pairs of instances, with these NATs, tried to meet, and how many met. */
export interface MeetingResult {
  readonly nat: string;
  /** The NAT of the other instance. */
  readonly otherNat: string;
  /** Pairs of which the one has sent something to the other. */
  readonly tried: number;
  /** Pairs of which the one has, moreover, received something from the other. */
  readonly met: number;
}

/** What delays of packets were like, in milliseconds; quantiles are right within 1.1 %. */
export interface DelayResult {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** What the network of a run did: the emulated one, or links over sockets of the system. */
export interface NetworkResult {
  readonly packets: PacketCounts;
  /** How long packets were to take on their links, and how long they took; absent when none was sent. */
  readonly delays?: { readonly asked: DelayResult; readonly measured?: DelayResult };
  /** Empty in a run without NATs. */
  readonly meetings: readonly MeetingResult[];
}
