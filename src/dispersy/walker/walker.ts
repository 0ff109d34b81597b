import { every, type Timer } from '../../runtime/clock.js';
import type { Community } from '../community/community.js';
import { chooseCandidate } from './choose-candidate.js';

const STEP_INTERVAL_MS = 5_000;
const FAST_STEP_INTERVAL_MS = 2_000;
const FAST_ROUNDS_MAX = 15;
const FAST_VERIFIED_ENOUGH = 15;

/** Keeps a community's neighbourhood alive: every 5 s it asks one candidate to introduce another. */
export class Walker {
  readonly #community: Community;
  #timer: Timer | undefined;
  #fastTimer: Timer | undefined;
  #fastRounds = 0;

  constructor(community: Community) {
    this.#community = community;
  }

  /** The first step is taken at once; the later ones at a phase of their own, or all peers of a run would walk in step. */
  start(): void {
    if (this.#timer !== undefined) return;
    const { clock, random } = this.#community.dispersy;
    this.#step();
    this.#timer = clock.schedule(random.float() * STEP_INTERVAL_MS, () => {
      this.#timer = every(clock, STEP_INTERVAL_MS, () => this.#step());
      this.#step();
    });
  }

  /** Asks everyone it may, every 2 s, until enough peers are known or it was tried often enough. */
  startFast(): void {
    if (this.#fastTimer !== undefined) return;
    this.#fastRounds = 0;
    this.#fastTimer = every(this.#community.dispersy.clock, FAST_STEP_INTERVAL_MS, () => this.#fastStep());
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
    const { candidates, dispersy } = this.#community;
    const nowMs = dispersy.clock.nowMs();
    candidates.sweep(nowMs);
    if (dispersy.endpoint.address === undefined) return;
    const candidate = chooseCandidate(candidates, nowMs, dispersy.random);
    if (candidate !== undefined) this.#community.createIntroductionRequest(candidate);
  }

  #fastStep(): void {
    const { candidates, dispersy } = this.#community;
    const nowMs = dispersy.clock.nowMs();
    const isEnough = candidates.verified(nowMs).length >= FAST_VERIFIED_ENOUGH;
    if (isEnough || ++this.#fastRounds > FAST_ROUNDS_MAX) {
      this.#stopFast();
      return;
    }
    if (dispersy.endpoint.address === undefined) return;
    for (const candidate of [...candidates])
      if (candidate.isEligibleAt(nowMs)) this.#community.createIntroductionRequest(candidate);
  }
}
