import type { Candidate } from 'gumby';
import {
  askForIntroduction,
  walkableCandidates,
  type WalkingContext,
  type WalkingStrategy,
} from './walking_strategy.js';

export interface EdgeWalkOptions {
  /** How many peers follow a root. */
  readonly edgeLength: number;
  /** How many roots there are, and so how many edges grow at a time. */
  readonly neighborhoodSize: number;
  /** How long a peer has to answer and to name the next one. */
  readonly edgeTimeoutMs: number;
}

/** A path of peers, each introduced by the one before it. */
interface Edge {
  readonly root: Candidate;
  length: number;
  asked: Candidate;
  askedMs: number;
  next: Candidate | undefined;
}

/** IPv8's `EdgeWalk`: it walks away from a few roots in straight lines, to see peers that are far from each other. */
export class EdgeWalk implements WalkingStrategy {
  readonly #context: WalkingContext;
  readonly #options: EdgeWalkOptions;
  #neighborhood: readonly Candidate[] = [];
  readonly #edges = new Set<Edge>();
  readonly #onIntroduced = (candidate: Candidate, introducer: Candidate) => this.#follow(candidate, introducer);

  constructor(context: WalkingContext, options: EdgeWalkOptions) {
    this.#context = context;
    this.#options = options;
    context.community.events.on('introduced', this.#onIntroduced);
  }

  takeStep(): void {
    const { random } = this.#context;
    const nowMs = this.#context.experiment.clock.nowMs();
    this.#refreshNeighborhood(nowMs);
    if (this.#neighborhood.length === 0) this.#findSomebody();
    for (const edge of this.#edges) this.#grow(edge, nowMs);
    const growing = new Set([...this.#edges].map(({ root }) => root.key));
    const roots = this.#neighborhood.filter(({ key }) => !growing.has(key));
    if (roots.length > 0) this.#startEdge(random.pick(roots), nowMs);
  }

  stop(): void {
    this.#context.community.events.off('introduced', this.#onIntroduced);
  }

  #refreshNeighborhood(nowMs: number): void {
    const kept = this.#neighborhood.filter((each) => each.isVerifiedAt(nowMs));
    const keys = new Set(kept.map(({ key }) => key));
    const others = this.#context.community.verifiedCandidates().filter(({ key }) => !keys.has(key));
    this.#neighborhood = [...kept, ...others].slice(0, this.#options.neighborhoodSize);
  }

  #findSomebody(): void {
    const { community, experiment, random } = this.#context;
    const nowMs = experiment.clock.nowMs();
    const walkable = walkableCandidates(this.#context).filter((each) => each.isEligibleAt(nowMs));
    if (walkable.length === 0) askForIntroduction(this.#context);
    else community.createIntroductionRequest(random.pick(walkable));
  }

  #startEdge(root: Candidate, nowMs: number): void {
    const edge: Edge = { root, length: 0, asked: root, askedMs: nowMs, next: undefined };
    this.#edges.add(edge);
    this.#context.community.createIntroductionRequest(root);
  }

  #grow(edge: Edge, nowMs: number): void {
    const { next } = edge;
    if (next === undefined) {
      if (nowMs >= edge.askedMs + this.#options.edgeTimeoutMs) this.#edges.delete(edge);
      return;
    }
    if (++edge.length >= this.#options.edgeLength) this.#edges.delete(edge);
    edge.asked = next;
    edge.askedMs = nowMs;
    edge.next = undefined;
    this.#context.community.createIntroductionRequest(next);
  }

  #follow(candidate: Candidate, introducer: Candidate): void {
    for (const edge of this.#edges) if (edge.asked.key === introducer.key) edge.next ??= candidate;
  }
}
