/** Sweeps come whenever there are so many peers, or twice as many as after the sweep before. */
const SWEEP_FROM = 64;

/** Peers that were sent to within a time. */
export class RecentPeers {
  readonly #timeoutMs: number;
  readonly #sentMs = new Map<string, number>();
  #sweepAt = SWEEP_FROM;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** How many peers are remembered, those included whose time is over and who are not swept out yet. */
  get size(): number {
    return this.#sentMs.size;
  }

  note(peer: string, nowMs: number): void {
    this.#sentMs.set(peer, nowMs);
    if (this.#sentMs.size < this.#sweepAt) return;
    for (const [each, sentMs] of this.#sentMs) if (nowMs - sentMs >= this.#timeoutMs) this.#sentMs.delete(each);
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#sentMs.size);
  }

  has(peer: string, nowMs: number): boolean {
    const sentMs = this.#sentMs.get(peer);
    return sentMs !== undefined && nowMs - sentMs < this.#timeoutMs;
  }
}
