import { every, type Timer } from '../../runtime/clock.js';
import type { Community } from '../community/community.js';
import { chooseCandidate } from './choose-candidate.js';

const STEP_INTERVAL_MS = 5_000;

/** Keeps a community's neighbourhood alive: every 5 s it asks one candidate to introduce another. */
export class Walker {
  #timer: Timer | undefined;

  constructor(private readonly community: Community) {}

  /** The first step is taken at once; the later ones at a phase of their own, or all peers of a run would walk in step. */
  start(): void {
    const { clock, random } = this.community.dispersy;
    this.#step();
    this.#timer = clock.schedule(random.float() * STEP_INTERVAL_MS, () => {
      this.#timer = every(clock, STEP_INTERVAL_MS, () => this.#step());
      this.#step();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #step(): void {
    const { candidates, dispersy } = this.community;
    const nowMs = dispersy.clock.nowMs();
    candidates.sweep(nowMs);
    if (dispersy.endpoint.address === undefined) return;
    const candidate = chooseCandidate(candidates, nowMs, dispersy.random);
    if (candidate !== undefined) this.community.createIntroductionRequest(candidate);
  }
}
