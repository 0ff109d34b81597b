/** Counts by a name. Names beyond the limit are counted together, because some of them come from the network. */
export class BoundedCounter {
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(private readonly namesMax: number) {}

  get total(): number {
    return this.#total;
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string): void {
    this.#total++;
    const known = this.#counts.has(name) || this.#counts.size < this.namesMax ? name : OTHERS;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
  }

  reset(): void {
    this.#counts.clear();
    this.#total = 0;
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}

const OTHERS = 'others';
