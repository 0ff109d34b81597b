import { type NetworkFigures, pairOfNats } from '../network-figures.js';
import type { NatType } from './nat-type.js';

const SENT = 1;
const RECEIVED = 2;
const BOTH = SENT | RECEIVED;
const FLAG_BITS = 2;

/**
 * Who of one thread has tried to meet whom, over the NATs that both had at their first packet. It is kept for pairs that
 * had to do with each other, and only in runs with NATs. Pairs within a LAN meet without NATs, and trackers are no peers.
 */
export class Meetings {
  readonly #typeOf: (entity: number) => NatType;
  readonly #figures: NetworkFigures;
  /** By instance, then by the other one: the pair of NATs, and flags. */
  readonly #pairs = new Map<number, Map<number, number>>();

  constructor(typeOf: (entity: number) => NatType, figures: NetworkFigures) {
    this.#typeOf = typeOf;
    this.#figures = figures;
  }

  sent(instance: number, other: number): void {
    this.#note(instance, other, SENT);
  }

  received(instance: number, other: number): void {
    this.#note(instance, other, RECEIVED);
  }

  #note(instance: number, other: number, flag: number): void {
    if (instance <= 0 || other <= 0 || instance === other) return;
    let others = this.#pairs.get(instance);
    if (others === undefined) this.#pairs.set(instance, (others = new Map<number, number>()));
    const before = others.get(other) ?? pairOfNats(this.#typeOf(instance), this.#typeOf(other)) << FLAG_BITS;
    const after = before | flag;
    if (after === before) return;
    others.set(other, after);
    const pair = after >> FLAG_BITS;
    if (flag === SENT) this.#figures.countMeeting('tried', pair);
    if ((after & BOTH) === BOTH) this.#figures.countMeeting('met', pair);
  }
}
