import type { StoredMessage } from './store.js';

/**
 * Messages by global time, ascending; those of one time by their member, so that all peers agree. Nearly all are added at
 * the end. Times are kept as numbers beside them, which compare much faster than `bigint`s.
 */
export class SortedMessages {
  readonly #times: number[] = [];
  readonly #messages: StoredMessage[] = [];

  get length(): number {
    return this.#messages.length;
  }

  at(index: number): StoredMessage | undefined {
    return this.#messages[index];
  }

  slice(from: number, to: number): StoredMessage[] {
    return this.#messages.slice(from, to);
  }

  add(message: StoredMessage): void {
    const time = Number(message.globalTime);
    let at = this.#messages.length;
    if (at > 0 && time <= (this.#times[at - 1] as number)) {
      at = this.#lowerBound(time);
      while (this.#times[at] === time && compareMembers(this.#messages[at] as StoredMessage, message) < 0) at++;
    }
    if (at === this.#messages.length) {
      this.#times.push(time);
      this.#messages.push(message);
      return;
    }
    this.#times.splice(at, 0, time);
    this.#messages.splice(at, 0, message);
  }

  delete(message: StoredMessage): void {
    const time = Number(message.globalTime);
    for (let at = this.#lowerBound(time); this.#times[at] === time; at++) {
      if (this.#messages[at] !== message) continue;
      this.#times.splice(at, 1);
      this.#messages.splice(at, 1);
      return;
    }
  }

  clear(): void {
    this.#times.length = 0;
    this.#messages.length = 0;
  }

  /** The index of the first message at this time or later. */
  indexFrom(globalTime: bigint): number {
    return this.#lowerBound(Number(globalTime));
  }

  /** The index of the first message after this time. */
  indexAfter(globalTime: bigint): number {
    return this.#lowerBound(Number(globalTime) + 1);
  }

  #lowerBound(time: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compareMembers(one: StoredMessage, other: StoredMessage): number {
  return Buffer.concat(one.mids).compare(Buffer.concat(other.mids));
}
