/** The instances that the reader wants to see one by one: they are chosen in the table, or typed. */
export class PickedInstances {
  readonly #picked = new Set<number>();
  readonly #listeners: (() => void)[] = [];

  get all(): ReadonlySet<number> {
    return this.#picked;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  toggle(id: number): void {
    if (!this.#picked.delete(id)) this.#picked.add(id);
    this.#tell();
  }

  /** @param text - `3, 7, 10-15`; other words are left out */
  set(text: string): void {
    this.#picked.clear();
    for (const part of text.split(',')) {
      const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
      if (match === null) continue;
      const first = Number(match[1]);
      const last = Math.min(Number(match[2] ?? first), first + PICKED_MAX);
      for (let id = first; id <= last && this.#picked.size < PICKED_MAX; id++) this.#picked.add(id);
    }
    this.#tell();
  }

  /** The picked instances as they would be typed. */
  get text(): string {
    return [...this.#picked].sort((one, other) => one - other).join(', ');
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** How many instances can be picked: more lines cannot be told apart. */
const PICKED_MAX = 24;
