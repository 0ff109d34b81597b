import type { Candidate } from 'gumby';
import type { WalkingContext, WalkingStrategy } from './walking_strategy.js';

export interface RandomChurnOptions {
  /** How many peers are looked at in a step. */
  readonly sampleSize: number;
  /** The time between two requests to a silent peer. */
  readonly pingIntervalMs: number;
  /** How long a peer is silent before it is asked whether it is there. */
  readonly inactiveMs: number;
  /** How long a peer is silent before it is dropped. */
  readonly dropMs: number;
}

/** IPv8's `RandomChurn`: asks silent peers whether they are still there, and drops those that are not. */
export class RandomChurn implements WalkingStrategy {
  readonly #context: WalkingContext;
  readonly #options: RandomChurnOptions;
  readonly #pingedMs = new Map<string, number>();

  constructor(context: WalkingContext, options: RandomChurnOptions) {
    this.#context = context;
    this.#options = options;
  }

  takeStep(): void {
    const nowMs = this.#context.experiment.clock.nowMs();
    for (const [key, pingedMs] of this.#pingedMs)
      if (nowMs >= pingedMs + this.#options.pingIntervalMs) this.#pingedMs.delete(key);
    for (const candidate of this.#context.community.randomCandidates().slice(0, this.#options.sampleSize))
      this.#look(candidate, nowMs);
  }

  #look(candidate: Candidate, nowMs: number): void {
    const silentMs = nowMs - Math.max(candidate.markedMs('walk'), candidate.markedMs('stumble'));
    if (silentMs >= this.#options.dropMs) {
      candidate.unmark('walk');
      candidate.unmark('stumble');
    } else if (silentMs >= this.#options.inactiveMs && !this.#pingedMs.has(candidate.key)) {
      this.#pingedMs.set(candidate.key, nowMs);
      // An introduction-request that asks for nothing is the ping that every peer answers.
      this.#context.community.createIntroductionRequest(candidate, { advice: false, sync: false });
    }
  }
}
