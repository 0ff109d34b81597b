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
  /** How many may be asked at a time; 0: any number. */
  readonly windowSize: number;
  /** In how many of 256 steps somebody known is asked for a new introduction, though unknown ones are left. */
  readonly resetChance: number;
  /** Between two steps at least. */
  readonly targetIntervalMs: number;
}

/** IPv8's `RandomWalk`: follows introductions at random, and asks for new ones when there are none. */
export class RandomWalk implements WalkingStrategy {
  readonly #context: WalkingContext;
  readonly #options: RandomWalkOptions;
  /** When each was asked, by address. */
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

  /** Those that answered need no more waiting for; those that did not are forgotten. */
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
