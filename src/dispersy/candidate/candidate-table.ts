import { EventEmitter } from 'eventemitter3';
import { type Address, addressKey, NO_ADDRESS, sameAddress } from '../../network/address.js';
import type { Member } from '../identity/member.js';
import { Candidate, type CandidateCategory } from './candidate.js';

/** How many candidates a community has at most: as many as a large experiment has instances. */
export const CANDIDATES_MAX = 1024;

export interface CandidateTableEvents {
  /** A candidate has left the table. */
  forgotten: (candidate: Candidate) => void;
}

/** The candidates of one community, by address. */
export class CandidateTable {
  readonly #candidates = new Map<string, Candidate>();
  readonly events = new EventEmitter<CandidateTableEvents>();
  #introductions = 0;

  get size(): number {
    return this.#candidates.size;
  }

  /** The candidate at this address, or one that is not in the table before it is marked. */
  at(address: Address): Candidate {
    return this.#candidates.get(addressKey(address)) ?? new Candidate(address);
  }

  /** The candidate that this member was heard from, or said to be at. */
  byMember({ mid }: Member): Candidate | undefined {
    for (const candidate of this.#candidates.values()) if (candidate.member?.mid.equals(mid) === true) return candidate;
    return undefined;
  }

  has(address: Address): boolean {
    return this.#candidates.has(addressKey(address));
  }

  [Symbol.iterator](): Iterator<Candidate> {
    return this.#candidates.values();
  }

  addTracker(address: Address): void {
    const tracker = new Candidate(address, true);
    this.#candidates.set(tracker.key, tracker);
  }

  /**
   * Marks a candidate, which puts it into the table. When the table is full, a candidate that never answered us makes
   * room. @returns whether the marked one is in the table now.
   */
  mark(candidate: Candidate, category: CandidateCategory, nowMs: number): boolean {
    if (!this.#candidates.has(candidate.key)) {
      if (this.#candidates.size >= CANDIDATES_MAX && !this.#makeRoom(nowMs)) return false;
      this.#candidates.set(candidate.key, candidate);
    }
    candidate.mark(category, nowMs);
    return true;
  }

  /**
   * One peer behind a NAT that changes ports is seen at several addresses. When a peer is recognised by its LAN address
   * and the host that it is seen at, its other addresses give way to the one that it spoke from.
   */
  merge(candidate: Candidate): void {
    if (sameAddress(candidate.lan, candidate) || sameAddress(candidate.lan, NO_ADDRESS)) return;
    for (const other of this.#candidates.values()) {
      if (other === candidate || other.isTracker || other.host !== candidate.host) continue;
      if (!sameAddress(other.lan, candidate.lan) || other.wan.host !== candidate.wan.host) continue;
      candidate.absorb(other);
      this.#forget(other);
    }
  }

  verified(nowMs: number): Candidate[] {
    return [...this.#candidates.values()].filter((candidate) => candidate.isVerifiedAt(nowMs));
  }

  /** How many peers are of each category; trackers are no peers. */
  countsAt(nowMs: number): Readonly<Record<CandidateCategory, number>> {
    const counts = { walk: 0, stumble: 0, intro: 0, discovered: 0 };
    for (const candidate of this.#candidates.values()) {
      const category = candidate.isTracker ? undefined : candidate.categoryAt(nowMs);
      if (category !== undefined) counts[category]++;
    }
    return counts;
  }

  /** Forgets the candidates of whom nothing was heard for long. */
  sweep(nowMs: number): void {
    for (const candidate of this.#candidates.values()) if (candidate.isForgottenAt(nowMs)) this.#forget(candidate);
  }

  /** Forgets all candidates. */
  clear(): void {
    for (const candidate of this.#candidates.values()) this.#forget(candidate);
  }

  /** The candidate to introduce to `requester`: one of category `first` if there is any, and among several the one whose turn it is. */
  chooseIntroduction(requester: Candidate, first: 'walk' | 'stumble', nowMs: number): Candidate | undefined {
    const second = first === 'walk' ? 'stumble' : 'walk';
    const chosen = this.#leastIntroduced(requester, first, nowMs) ?? this.#leastIntroduced(requester, second, nowMs);
    if (chosen !== undefined) chosen.introductionOrder = ++this.#introductions;
    return chosen;
  }

  #leastIntroduced(requester: Candidate, category: CandidateCategory, nowMs: number): Candidate | undefined {
    let best: Candidate | undefined;
    for (const candidate of this.#candidates.values()) {
      if (best !== undefined && candidate.introductionOrder >= best.introductionOrder) continue;
      if (candidate.key === requester.key || candidate.isTracker || candidate.categoryAt(nowMs) !== category) continue;
      if (canReach(requester, candidate)) best = candidate;
    }
    return best;
  }

  #makeRoom(nowMs: number): boolean {
    for (const candidate of this.#candidates.values()) {
      if (candidate.isTracker || candidate.categoryAt(nowMs) === 'walk') continue;
      this.#forget(candidate);
      return true;
    }
    return false;
  }

  #forget(candidate: Candidate): void {
    this.#candidates.delete(candidate.key);
    this.events.emit('forgotten', candidate);
  }
}

/** Two symmetric NATs cannot be punctured from outside: each would see a port that the other never opened. */
function canReach(one: Candidate, other: Candidate): boolean {
  const bothSymmetric = one.connectionType === 'symmetric-NAT' && other.connectionType === 'symmetric-NAT';
  return !bothSymmetric || one.wan.host === other.wan.host;
}
