import { type Address, every, experimentCallback, ExperimentModule, integer, staticModule, type Timer } from 'gumby';

/** What a peer has said: who, and which of its sayings. */
type Fact = string;

/** How often a peer tells another one what it knows. */
const GOSSIP_INTERVAL_MS = 1000;

/**
 * A grow-only set that is spread by gossip: once a second each peer sends all that it knows to another one, chosen by
 * chance. The protocol is this experiment's own, over the instance's endpoint; no overlay has a part in it.
 */
@staticModule
export class PartitionModule extends ExperimentModule {
  readonly #facts = new Set<Fact>();
  readonly #random = this.experiment.random.derive('gossip');
  readonly #known = this.experiment.statistics.gauge('facts-known', {
    unit: 'facts',
    description: 'What a peer has said itself, and what it has heard',
  });
  readonly #agreement = this.experiment.statistics.histogram('agreement-time', {
    unit: 's',
    description: 'How long it took a peer to know everything, since it was asked to',
  });
  #gossiping: Timer | undefined;
  #said = 0;
  #awaited: { readonly count: number; readonly sinceS: number } | undefined;

  override onModuleLoad(): void {
    this.experiment.endpoint.onPacket((_source, packet) => this.#hear(packet.toString('utf8').split(' ')));
  }

  override onStop(): void {
    this.#gossiping?.cancel();
  }

  /** Begins to tell others, at a moment of this peer's own. */
  @experimentCallback
  startGossip(): void {
    this.#gossiping = every(this.experiment.clock, GOSSIP_INTERVAL_MS, () => this.#tellSomeone());
  }

  /** Says something new. */
  @experimentCallback
  say(): void {
    this.#hear([`${this.myId}.${++this.#said}`]);
  }

  /**
   * Measures how long it takes until this peer knows so many facts.
   * @param count - how many facts there are
   */
  @experimentCallback({ parameters: [integer('count', { min: 1 })] })
  awaitAgreement(count: number): void {
    this.#awaited = { count, sinceS: this.experiment.timeS };
    this.#hear([]);
  }

  /**
   * Fails the run when this peer does not know exactly so many facts.
   * @param count - how many facts it has to know
   */
  @experimentCallback({ parameters: [integer('count', { min: 0 })] })
  checkFacts(count: number): void {
    if (this.#facts.size !== count) throw new Error(`knows ${this.#facts.size} facts, not ${count}`);
  }

  #tellSomeone(): void {
    const others = this.peers.filter((peer) => peer !== this.myId);
    if (others.length === 0 || this.#facts.size === 0) return;
    const { host, port } = this.allVars[this.#random.pick(others)] as unknown as Address;
    this.experiment.endpoint.send({ host, port }, Buffer.from([...this.#facts].join(' ')));
  }

  #hear(facts: readonly Fact[]): void {
    for (const fact of facts) this.#facts.add(fact);
    this.#known.set(this.#facts.size);
    const awaited = this.#awaited;
    if (awaited === undefined || this.#facts.size < awaited.count) return;
    this.#awaited = undefined;
    this.#agreement.record(this.experiment.timeS - awaited.sinceS);
    this.experiment.statistics.event('agreed', { facts: this.#facts.size });
  }
}
