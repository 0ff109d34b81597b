import type { Candidate } from 'gumby';
import {
  askForIntroduction,
  walkableCandidates,
  type WalkingContext,
  type WalkingStrategy,
} from './walking_strategy.js';

export interface RandomWalkOptions {
  /** How long a peer has to answer before it is given up. */
  readonly timeoutMs: number;
  /** How many peers may be asked at a time; 0 for any number. */
  readonly windowSize: number;
  /** In how many of 256 steps a known peer is asked for a new introduction, though unknown peers are left. */
  readonly resetChance: number;
  /** The least time between two steps. */
  readonly targetIntervalMs: number;
}

/** IPv8's `RandomWalk`: follows introductions at random, and asks for new ones when there are none. */
export class RandomWalk implements WalkingStrategy {
  readonly #context: WalkingContext;
  readonly #options: RandomWalkOptions;
  /** The candidates that were asked, and when, by address. */
  readonly #asked = new Map<string, { readonly candidate: Candidate; readonly askedMs: number }>();
  #steppedMs = -Infinity;

  constructor(context: WalkingContext, options: RandomWalkOptions) {
    this.#context = context;
    this.#options = options;
  }

  takeStep(): void {
    const { community, experiment, random } = this.#context;
    const { windowSize, resetChance, targetIntervalMs } = this.#options;
    const nowMs = experiment.clock.nowMs();
    this.#settle(nowMs);
    if (nowMs < this.#steppedMs + targetIntervalMs) return;
    if (windowSize > 0 && this.#asked.size >= windowSize) return;
    this.#steppedMs = nowMs;
    const walkable = walkableCandidates(this.#context).filter(({ key }) => !this.#asked.has(key));
    if (walkable.length === 0 || random.integer(0, 255) < resetChance) {
      askForIntroduction(this.#context);
      return;
    }
    const candidate = random.pick(walkable);
    this.#asked.set(candidate.key, { candidate, askedMs: nowMs });
    community.createIntroductionRequest(candidate);
  }

  /** Ends the waiting for candidates that have answered; those that have not in time are forgotten. */
  #settle(nowMs: number): void {
    for (const [key, { candidate, askedMs }] of this.#asked) {
      const isVerified = this.#context.community.candidates.at(candidate).isVerifiedAt(nowMs);
      if (!isVerified && nowMs < askedMs + this.#options.timeoutMs) continue;
      this.#asked.delete(key);
      if (isVerified) continue;
      candidate.unmark('intro');
      candidate.unmark('discovered');
    }
  }
}
