import type { MetricMemory } from '../statistics/metric-memory.js';

/** The time of an entry, and its values by the names of the metrics. */
type Entry = readonly [atMs: number, values: Readonly<Record<string, number>>];

/** The values of one instance's counters and gauges that are in the file already. */
export class WrittenMetrics {
  readonly #values: Float64Array;
  /** The time of each value that was written, in Unix time. */
  readonly #atMs: Float64Array;

  /** @param slots - the number of slots of the instance's memory */
  constructor(slots: number) {
    this.#values = new Float64Array(slots).fill(Number.NaN);
    this.#atMs = new Float64Array(slots);
  }

  /**
   * The values that have changed since the last call, in order of time. @param names - the names of the slots in use
   * @param wallMs - the time of this look @param lookedMs - the time of the look before
   */
  takeChanged(
    names: readonly string[],
    { values, setAtMs }: Pick<MetricMemory, 'values' | 'setAtMs'>,
    wallMs: number,
    lookedMs: number,
  ): readonly Entry[] {
    const byTime = new Map<number, [name: string, value: number][]>();
    const add = (atMs: number, name: string, value: number) => {
      const entries = byTime.get(atMs) ?? [];
      byTime.set(atMs, entries);
      entries.push([name, value]);
    };
    for (const [slot, name] of names.entries()) {
      const value = values[slot] as number;
      const before = this.#values[slot] as number;
      // NaN says that the gauge was never set.
      if (value === before || Number.isNaN(value)) continue;
      const gaugeSetAtMs = setAtMs[slot] as number;
      const stoodStill = gaugeSetAtMs === 0 && (this.#atMs[slot] as number) < lookedMs;
      if (stoodStill && !Number.isNaN(before)) add(lookedMs, name, before);
      const atMs = gaugeSetAtMs === 0 ? wallMs : gaugeSetAtMs;
      add(atMs, name, value);
      this.#values[slot] = value;
      this.#atMs[slot] = atMs;
    }
    return [...byTime]
      .sort(([one], [other]) => one - other)
      .map(([atMs, entries]) => [atMs, Object.fromEntries(entries)]);
  }
}
