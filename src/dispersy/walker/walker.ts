import { every, type Timer } from '../../runtime/clock.js';
import type { CommunityContext } from '../contract/community-context.js';
import type { CommunityHost } from '../contract/community-host.js';
import { chooseCandidate } from './choose-candidate.js';

const STEP_INTERVAL_MS = 5_000;
const FAST_STEP_INTERVAL_MS = 2_000;
const FAST_ROUNDS_MAX = 15;
const FAST_VERIFIED_ENOUGH = 15;

export interface WalkerComponents {
  readonly context: Pick<CommunityContext, 'clock' | 'random' | 'candidates' | 'ownAddresses'>;
  readonly host: Pick<CommunityHost, 'createIntroductionRequest'>;
}

/** Keeps a community's neighbourhood alive: every 5 s it asks one candidate to introduce another. */
export class Walker {
  readonly #components: WalkerComponents;
  #timer: Timer | undefined;
  #fastTimer: Timer | undefined;
  #fastRounds = 0;

  constructor(components: WalkerComponents) {
    this.#components = components;
  }

  /** Starts the walker. The first step is taken at once, the later ones at a phase of their own, or all peers of a run would walk in step. */
  start(): void {
    if (this.#timer !== undefined) return;
    const { clock, random } = this.#components.context;
    this.#step();
    this.#timer = clock.schedule(random.float() * STEP_INTERVAL_MS, () => {
      this.#timer = every(clock, STEP_INTERVAL_MS, () => this.#step());
      this.#step();
    });
  }

  /** Asks every candidate that may be asked, every 2 s, until enough peers are known or enough rounds were made. */
  startFast(): void {
    if (this.#fastTimer !== undefined) return;
    this.#fastRounds = 0;
    this.#fastTimer = every(this.#components.context.clock, FAST_STEP_INTERVAL_MS, () => this.#fastStep());
    this.#fastStep();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#stopFast();
  }

  #stopFast(): void {
    this.#fastTimer?.cancel();
    this.#fastTimer = undefined;
  }

  #step(): void {
    const { clock, random, candidates, ownAddresses } = this.#components.context;
    const nowMs = clock.nowMs();
    candidates.sweep(nowMs);
    if (!ownAddresses.areKnown) return;
    const candidate = chooseCandidate(candidates, nowMs, random);
    if (candidate !== undefined) this.#components.host.createIntroductionRequest(candidate);
  }

  #fastStep(): void {
    const { clock, candidates, ownAddresses } = this.#components.context;
    const nowMs = clock.nowMs();
    const isEnough = candidates.verified(nowMs).length >= FAST_VERIFIED_ENOUGH;
    if (isEnough || ++this.#fastRounds > FAST_ROUNDS_MAX) {
      this.#stopFast();
      return;
    }
    if (!ownAddresses.areKnown) return;
    for (const candidate of [...candidates])
      if (candidate.isEligibleAt(nowMs)) this.#components.host.createIntroductionRequest(candidate);
  }
}
