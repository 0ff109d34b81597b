import { type Candidate, type Community, every, type Experiment, type Random, type Timer } from 'gumby';

/** IPv8 takes a step of each strategy every half second. */
const STEP_INTERVAL_MS = 500;

/** A way to keep an overlay's neighbourhood alive, a step at a time. */
export interface WalkingStrategy {
  takeStep(): void;
  /** Is called once, when no further step is taken. */
  stop?(): void;
}

/** The parts of an instance that every strategy needs. */
export interface WalkingContext {
  readonly community: Community;
  readonly experiment: Experiment;
  readonly random: Random;
}

/** Takes the steps of one strategy while the overlay has fewer verified peers than wanted. */
export class StrategyRunner {
  readonly #context: WalkingContext;
  readonly #strategy: WalkingStrategy;
  readonly #maxPeers: number;
  readonly #timer: Timer;
  #isStopped = false;

  /** @param maxPeers - no step is taken with this many peers; -1: a step is always taken */
  constructor(context: WalkingContext, strategy: WalkingStrategy, maxPeers: number) {
    this.#context = context;
    this.#strategy = strategy;
    this.#maxPeers = maxPeers;
    this.#timer = every(context.experiment.clock, STEP_INTERVAL_MS, () => this.#stepOrReport(), { weak: true });
    context.community.events.once('unloaded', () => this.stop());
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#timer.cancel();
    this.#strategy.stop?.();
  }

  #stepOrReport(): void {
    const { community, experiment } = this.#context;
    // While the instance is offline nothing can be sent, and no peer can answer.
    if (experiment.endpoint.address === undefined) return;
    if (this.#maxPeers >= 0 && community.verifiedCandidates().length >= this.#maxPeers) return;
    try {
      this.#strategy.takeStep();
    } catch (error) {
      this.stop();
      experiment.fault(`a step of ${this.#strategy.constructor.name}`, error);
    }
  }
}

/** The candidates that we only heard of: no peer has answered from there. */
export function walkableCandidates({ community }: WalkingContext): readonly Candidate[] {
  return [...community.candidatesOf('intro'), ...community.candidatesOf('discovered')];
}

/** One in twenty times a tracker is asked though peers are known, so that a network that fell apart grows together. */
const TRACKER_SHARE = 0.05;

/** Asks a peer that we know to introduce one that we do not. */
export function askForIntroduction({ community, experiment, random }: WalkingContext): void {
  const nowMs = experiment.clock.nowMs();
  const trackers = [...community.candidates].filter(({ isTracker }) => isTracker);
  const peers = community.verifiedCandidates();
  const askTracker = peers.length === 0 || random.float() < TRACKER_SHARE;
  const asked = askTracker ? trackers.filter((tracker) => tracker.isEligibleAt(nowMs)) : peers;
  if (asked.length > 0) community.createIntroductionRequest(random.pick(asked));
}
