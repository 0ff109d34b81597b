import { type Address, choice, experimentCallback, ExperimentModule, float, integer, staticModule } from 'gumby';

/** How far a round trip may be from what was asked for, in milliseconds: times are exact, and sums of them are rounded. */
const TOLERANCE_MS = 1e-6;

/** Measures round trips to all others: each answers what it gets with the same bytes. */
@staticModule
export class LatencySweepModule extends ExperimentModule {
  /** When each request was sent, by the number of the instance that it is for. */
  readonly #sentMs = new Map<number, number>();
  readonly #roundTripMs = new Map<number, number>();
  readonly #histograms = {
    before: this.experiment.statistics.histogram('round-trip-before', {
      unit: 'ms',
      description: 'Round trips between all peers, by the matrix of regions',
    }),
    after: this.experiment.statistics.histogram('round-trip-after', {
      unit: 'ms',
      description: 'Round trips between all peers, after a link has got slower',
    }),
  };
  #when: 'before' | 'after' = 'before';

  override onModuleLoad(): void {
    const { endpoint, clock } = this.experiment;
    endpoint.onPacket((source, packet) => {
      const [kind, peer] = [packet.readUInt8(0), packet.readUInt32BE(1)];
      if (kind === REQUEST) endpoint.send(source, message(ANSWER, peer));
      else {
        const roundTripMs = clock.nowMs() - (this.#sentMs.get(peer) ?? Number.NaN);
        this.#roundTripMs.set(peer, roundTripMs);
        this.#histograms[this.#when].record(roundTripMs);
      }
    });
  }

  /** Asks everyone once. */
  @experimentCallback({ parameters: [choice('when', ['before', 'after'])] })
  measure(when: 'before' | 'after'): void {
    this.#when = when;
    for (const peer of this.peers) {
      if (peer === this.myId) continue;
      const { host, port } = this.allVars[peer] as unknown as Address;
      this.#sentMs.set(peer, this.experiment.clock.nowMs());
      this.experiment.endpoint.send({ host, port }, message(REQUEST, peer));
    }
  }

  /**
   * Fails the run when the last round trip to a peer took another time.
   * @param peer - to whom
   * @param expectedMs - how long it should have taken
   */
  @experimentCallback({ parameters: [integer('peer', { min: 1 }), float('expected', { min: 0 })] })
  checkRoundTrip(peer: number, expectedMs: number): void {
    const measuredMs = this.#roundTripMs.get(peer);
    if (measuredMs === undefined || Math.abs(measuredMs - expectedMs) > TOLERANCE_MS)
      throw new Error(`the round trip to ${peer} took ${measuredMs ?? 'no'} ms, not ${expectedMs}`);
  }
}

const REQUEST = 0;
const ANSWER = 1;

function message(kind: number, peer: number): Buffer {
  const packet = Buffer.alloc(5);
  packet.writeUInt8(kind, 0);
  packet.writeUInt32BE(peer, 1);
  return packet;
}
