import type { Line, TimeSeries } from './report-data.js';
import { fillForward, ratesOf, type TimeGrid } from './read/time-grid.js';

/** How a series came to be, before it is filled. */
export interface SeriesDescription {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly group: string;
  /** @default '' */
  readonly description?: string;
  /**
   * `value`: as it was told; `rate`: told as a count since the start, shown by the second;
   * `sample`: as it was told, for that one moment.
   */
  readonly kind: 'value' | 'rate' | 'sample';
  /** Whether only changes are told, so that the last value is true for as long as the instance lives. @default false */
  readonly holds?: boolean;
  /** What was told is multiplied by this. @default 1 */
  readonly factor?: number;
}

interface Growing {
  readonly description: SeriesDescription;
  readonly grid: TimeGrid;
  readonly lines: Map<string, { readonly line: Omit<Line, 'values'>; readonly values: Float64Array }>;
}

/** The time series of a run while its files are read. */
export class SeriesCollection {
  readonly #growing = new Map<string, Growing>();
  readonly #lastSeenS = new Map<number, number>();
  /** Most descriptions are one object for hundreds of thousands of values. */
  readonly #byDescription = new WeakMap<SeriesDescription, Growing>();

  /** Notes a value of one line at a step of the grid; a later one of the same step replaces it. */
  put(grid: TimeGrid, description: SeriesDescription, line: Omit<Line, 'values'>, index: number, value: number): void {
    const values = this.#valuesOf(grid, description, line);
    if (index >= 0) values[index] = value * (description.factor ?? 1);
  }

  /** Notes that an instance was alive at this time. */
  seen(instance: number, timeS: number): void {
    this.#lastSeenS.set(instance, Math.max(timeS, this.#lastSeenS.get(instance) ?? -Infinity));
  }

  /** Adds a whole line, step by step, to one that is the sum over instances. */
  addTo(grid: TimeGrid, description: SeriesDescription, name: string, counts: ArrayLike<number>): void {
    const values = this.#valuesOf(grid, description, { name });
    for (let index = 0; index < values.length; index++) {
      const count = counts[index] as number;
      if (Number.isNaN(count)) continue;
      const before = values[index] as number;
      values[index] = (Number.isNaN(before) ? 0 : before) + count * (description.factor ?? 1);
    }
  }

  /** Everything, in the order in which it was first seen. @param types - of the instances, where the experiment gave them */
  finish(types: ReadonlyMap<number, string>): TimeSeries[] {
    const names = new Set<string>();
    return [...this.#growing.values()].map(({ description, grid, lines }) => ({
      name: distinct(description, names),
      description: description.description ?? '',
      title: description.title,
      unit: description.unit,
      group: description.group,
      timesS: grid.timesS,
      lines: [...lines.values()].map(({ line, values }) =>
        finished(line, values, description, grid, types, this.#lastSeenS),
      ),
    }));
  }

  #valuesOf(grid: TimeGrid, description: SeriesDescription, line: Omit<Line, 'values'>): Float64Array {
    const growing = this.#byDescription.get(description) ?? this.#growingOf(grid, description);
    const found = growing.lines.get(line.name);
    if (found !== undefined) return found.values;
    const values = grid.empty();
    growing.lines.set(line.name, { line, values });
    return values;
  }

  #growingOf(grid: TimeGrid, description: SeriesDescription): Growing {
    const key = `${description.group}/${description.name}`;
    const growing: Growing = this.#growing.get(key) ?? { description, grid, lines: new Map() };
    this.#growing.set(key, growing);
    this.#byDescription.set(description, growing);
    return growing;
  }
}

/** An experiment may call something as we do. */
function distinct({ group, name }: SeriesDescription, names: Set<string>): string {
  const chosen = names.has(name) ? `${group.toLowerCase()}-${name}` : name;
  names.add(chosen);
  return chosen;
}

function finished(
  line: Omit<Line, 'values'>,
  values: Float64Array,
  { kind, holds = false }: SeriesDescription,
  grid: TimeGrid,
  types: ReadonlyMap<number, string>,
  lastSeenS: ReadonlyMap<number, number>,
): Line {
  const type = line.instance === undefined ? undefined : types.get(line.instance);
  const known =
    kind === 'sample'
      ? values
      : fillForward(values, Math.max(lastKnown(values), holds ? lastAlive(line, grid, lastSeenS) : -1));
  return {
    ...line,
    ...(type === undefined ? {} : { type }),
    values: kind === 'rate' ? ratesOf(known, grid.stepS) : known,
  };
}

/** The step at which the instance was last seen. */
function lastAlive({ instance }: Omit<Line, 'values'>, grid: TimeGrid, lastSeenS: ReadonlyMap<number, number>): number {
  const timeS = instance === undefined ? undefined : lastSeenS.get(instance);
  return timeS === undefined ? -1 : grid.indexOf(timeS);
}

/** Nobody knows what an instance that has ended would have said. */
function lastKnown(values: Float64Array): number {
  for (let index = values.length - 1; index >= 0; index--) if (!Number.isNaN(values[index])) return index;
  return -1;
}
