/**
 * Named numbers that one thread writes and the main thread reads, in memory that both share: no thread has to be woken
 * for it. Each value is one 64-bit word with one writer, except that the reader sets back the values that count since
 * the last look.
 */
export class SharedGauges<Name extends string> {
  readonly buffer: SharedArrayBuffer;
  readonly #values: Float64Array;
  readonly #index: ReadonlyMap<string, number>;

  /** @param extraBytes - bytes of memory behind the values, for classes that extend this one */
  constructor(names: readonly Name[], extraBytes = 0, buffer = new SharedArrayBuffer(8 * names.length + extraBytes)) {
    this.buffer = buffer;
    this.#values = new Float64Array(buffer, 0, names.length);
    this.#index = indexOf(names);
  }

  get(name: Name): number {
    return this.#values[this.#index.get(name) as number] as number;
  }

  /** @returns undefined where the value cannot be measured */
  measured(name: Name): number | undefined {
    const value = this.get(name);
    return Number.isNaN(value) ? undefined : value;
  }

  /** @param value - undefined when the value cannot be measured */
  set(name: Name, value: number | undefined): void {
    this.#values[this.#index.get(name) as number] = value ?? Number.NaN;
  }

  /** Reads a value and sets it back to 0. */
  take(name: Name): number {
    const value = this.get(name);
    this.set(name, 0);
    return value;
  }

  add(name: Name, value: number): void {
    this.set(name, this.get(name) + value);
  }

  /** Keeps the largest value since the last `take`. */
  raise(name: Name, value: number): void {
    if (value > this.get(name)) this.set(name, value);
  }
}

const indices = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** All gauges of a kind share one map: thousands of instances have such gauges. */
function indexOf(names: readonly string[]): ReadonlyMap<string, number> {
  let index = indices.get(names);
  if (index === undefined) indices.set(names, (index = new Map(names.map((name, position) => [name, position]))));
  return index;
}
