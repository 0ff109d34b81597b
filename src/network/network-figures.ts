import { DELAY_HISTOGRAM_LENGTH, DelayHistogram } from './delay-histogram.js';
import { NAT_TYPES, type NatType } from './nat/nat-type.js';

/** What is counted of packets that entities of one thread sent, or were to receive. */
export const PACKET_COUNTS = [
  /** All packets that were sent. */
  'sent',
  /** Packets that were lost on a link, by chance or by a fault. */
  'lost',
  /** Packets for an address that nobody has, or for a port at which nobody listens. */
  'toNobody',
  /** Packets longer than their link carries. */
  'tooLong',
  /** Packets for which the queue of their sender's or receiver's connection had no room. */
  'queueFull',
  /** Packets that were sent on twice; the second is not among those sent. */
  'duplicated',
  /** Packets that were sent on with a wrong bit. */
  'corrupted',
  /** Packets that a NAT or firewall of their receiver did not let in. */
  'filtered',
  /** Packets to the outside address of their sender's own NAT, which does not hairpin. */
  'notHairpinned',
  /** Packets for which their sender's NAT had no outside port left. */
  'withoutPort',
  /** Packets that a socket kept back, for the latency of their link or for bandwidth, and that was closed meanwhile. */
  'notLeft',
  /** Packets between threads for which the thread of their receiver had no room, because it was busy for too long. */
  'notTaken',
] as const;

export type PacketCount = (typeof PACKET_COUNTS)[number];

const MEETING_COUNTS = ['tried', 'met'] as const;
const PAIRS_OF_NATS = NAT_TYPES.length ** 2;
const COUNTS = PACKET_COUNTS.length + MEETING_COUNTS.length * PAIRS_OF_NATS;
const PLACES = COUNTS + 2 * DELAY_HISTOGRAM_LENGTH;

const INDEX_OF = Object.fromEntries(PACKET_COUNTS.map((name, index) => [name, index])) as Readonly<
  Record<PacketCount, number>
>;

/** How many ordered pairs of instances tried to meet across their NATs, and how many met. */
export interface MeetingCount {
  readonly nat: NatType;
  /** The NAT of the other instance. */
  readonly otherNat: NatType;
  /** Pairs of which the one has sent something to the other. */
  readonly tried: number;
  /** Pairs of which the one, moreover, has received something from the other. */
  readonly met: number;
}

/**
 * What one thread counts of the network. The memory is shared, so that whoever asks can read it at any moment, also when
 * the thread is gone.
 */
export class NetworkFigures {
  readonly memory: SharedArrayBuffer;
  /** How long packets were to take on their links. */
  readonly askedDelays: DelayHistogram;
  /** How long they took, with what they waited for bandwidth and for the machine. */
  readonly measuredDelays: DelayHistogram;
  readonly #numbers: Float64Array;

  /** @param memory - of the figures that another thread writes; new memory where it is absent */
  constructor(memory = new SharedArrayBuffer(PLACES * Float64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#numbers = new Float64Array(memory);
    const histogramAt = (place: number) =>
      new DelayHistogram(this.#numbers.subarray(place, place + DELAY_HISTOGRAM_LENGTH));
    this.askedDelays = histogramAt(COUNTS);
    this.measuredDelays = histogramAt(COUNTS + DELAY_HISTOGRAM_LENGTH);
  }

  /** The counts of several threads together; delays are summed up by `DelayHistogram.summaryOf`. */
  static totalOf(all: readonly NetworkFigures[]): Pick<NetworkFigures, 'packets' | 'meetings'> {
    const total = new NetworkFigures();
    for (const each of all)
      for (let place = 0; place < COUNTS; place++)
        total.#numbers[place] = (total.#numbers[place] as number) + (each.#numbers[place] as number);
    return total;
  }

  count(what: PacketCount): void {
    this.#add(INDEX_OF[what]);
  }

  /** A pair of instances has tried to meet, or has met. @param pair - its NATs, see `pairOfNats` */
  countMeeting(what: (typeof MEETING_COUNTS)[number], pair: number): void {
    this.#add(placeOf(what, pair));
  }

  get packets(): Readonly<Record<PacketCount, number>> {
    return Object.fromEntries(
      PACKET_COUNTS.map((name, index) => [name, this.#numbers[index] as number]),
    ) as unknown as Readonly<Record<PacketCount, number>>;
  }

  /** The pairs of NATs of which some instances tried to meet, in the order of `NAT_TYPES`. */
  get meetings(): readonly MeetingCount[] {
    return NAT_TYPES.flatMap((nat) =>
      NAT_TYPES.flatMap((otherNat) => {
        const pair = pairOfNats(nat, otherNat);
        const [tried = 0, met = 0] = MEETING_COUNTS.map((what) => this.#numbers[placeOf(what, pair)]);
        return tried === 0 ? [] : [{ nat, otherNat, tried, met }];
      }),
    );
  }

  #add(index: number): void {
    this.#numbers[index] = (this.#numbers[index] as number) + 1;
  }
}

/** Two NATs in one number. */
export function pairOfNats(nat: NatType, otherNat: NatType): number {
  return NAT_TYPES.indexOf(nat) * NAT_TYPES.length + NAT_TYPES.indexOf(otherNat);
}

function placeOf(what: (typeof MEETING_COUNTS)[number], pair: number): number {
  return PACKET_COUNTS.length + MEETING_COUNTS.indexOf(what) * PAIRS_OF_NATS + pair;
}
