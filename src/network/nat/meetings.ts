import { NAT_TYPES, type NatType } from './nat-type.js';

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

const SENT = 1;
const RECEIVED = 2;
const FLAG_BITS = 2;

/**
 * Who of one thread has tried to meet whom, over the NATs that both had at their first packet. It is kept for pairs that
 * had to do with each other, and only in runs with NATs. Pairs within a LAN meet without NATs, and trackers are no peers.
 */
export class Meetings {
  readonly #typeOf: (entity: number) => NatType;
  /** By instance, then by the other one: the place of both NATs in the table, and flags. */
  readonly #pairs = new Map<number, Map<number, number>>();

  constructor(typeOf: (entity: number) => NatType) {
    this.#typeOf = typeOf;
  }

  sent(instance: number, other: number): void {
    this.#note(instance, other, SENT);
  }

  received(instance: number, other: number): void {
    this.#note(instance, other, RECEIVED);
  }

  /** The pairs of NATs of which some instances tried to meet, in the order of `NAT_TYPES`. */
  counts(): readonly MeetingCount[] {
    const tried = new Array<number>(NAT_TYPES.length ** 2).fill(0);
    const met = new Array<number>(NAT_TYPES.length ** 2).fill(0);
    for (const others of this.#pairs.values())
      for (const state of others.values()) {
        const place = state >> FLAG_BITS;
        if ((state & SENT) !== 0) tried[place] = (tried[place] ?? 0) + 1;
        if ((state & SENT) !== 0 && (state & RECEIVED) !== 0) met[place] = (met[place] ?? 0) + 1;
      }
    return NAT_TYPES.flatMap((nat, row) =>
      NAT_TYPES.flatMap((otherNat, column) => {
        const place = row * NAT_TYPES.length + column;
        const count = { nat, otherNat, tried: tried[place] ?? 0, met: met[place] ?? 0 };
        return count.tried === 0 ? [] : [count];
      }),
    );
  }

  #note(instance: number, other: number, flag: number): void {
    if (instance <= 0 || other <= 0 || instance === other) return;
    let others = this.#pairs.get(instance);
    if (others === undefined) this.#pairs.set(instance, (others = new Map<number, number>()));
    const known = others.get(other);
    if (known === undefined) others.set(other, (this.#placeOf(instance, other) << FLAG_BITS) | flag);
    else if ((known & flag) === 0) others.set(other, known | flag);
  }

  #placeOf(instance: number, other: number): number {
    return NAT_TYPES.indexOf(this.#typeOf(instance)) * NAT_TYPES.length + NAT_TYPES.indexOf(this.#typeOf(other));
  }
}
