/**
 * Telemetry where no memory is shared: one side tells what has changed in its memory of 64-bit numbers, and the other
 * side changes a memory of its own likewise. Both memories hold the same gauges or metrics, so that a word means the
 * same on either side.
 */

/** Words that have changed, by their index. */
export type WordChanges = readonly (readonly [index: number, value: number])[];

/** Says what has changed in a memory since the last question. */
export class WordReporter {
  readonly #words: Float64Array;
  readonly #told: Float64Array;
  readonly #taken: ReadonlySet<number>;

  /** @param taken - the words that hold the largest value since they were taken: telling a word takes it */
  constructor(memory: SharedArrayBuffer, taken: ReadonlySet<number> = new Set()) {
    this.#words = new Float64Array(memory);
    this.#told = new Float64Array(this.#words.length);
    this.#taken = taken;
  }

  take(): WordChanges {
    const changes: [number, number][] = [];
    for (const [index, value] of this.#words.entries()) {
      if (Object.is(value, this.#told[index])) continue;
      changes.push([index, value]);
      if (this.#taken.has(index)) this.#words[index] = 0;
      else this.#told[index] = value;
    }
    return changes;
  }
}

/**
 * Applies to a memory the changes that were told of another one. An index that the memory does not have is passed over.
 * @param taken - the same words as the reporter's: each of them keeps its largest value until somebody takes it
 */
export function applyWordChanges(
  memory: SharedArrayBuffer,
  changes: WordChanges,
  taken: ReadonlySet<number> = new Set(),
): void {
  const words = new Float64Array(memory);
  for (const [index, value] of changes) {
    const before = words[index];
    if (before !== undefined) words[index] = taken.has(index) ? Math.max(before, value) : value;
  }
}
