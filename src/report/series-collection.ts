import type { SeriesKind } from '../output/series-shape.js';
import {
  type GrowingLine,
  PeakLine,
  RateLine,
  SampleLine,
  ShareLine,
  UsageLine,
  ValueLine,
} from './lines/growing-line.js';
import { hasValue } from './lines/has-value.js';
import type { TimeGrid } from './lines/time-grid.js';
import type { ReportNames } from './naming/report-names.js';
import type { WantedName } from './naming/wanted-name.js';
import type { Line, TimeSeries } from './report-data.js';

/** The description of a series, before it has values. */
export interface SeriesDescription {
  readonly name: WantedName;
  readonly title: string;
  readonly unit: string;
  readonly group: string;
  /** @default '' */
  readonly description?: string;
  readonly kind: SeriesKind;
  /** Whether only changes are written, so that the last value is true for as long as the instance lives. @default false */
  readonly holds?: boolean;
  /** Whether a line is a sum over all instances: where nothing was counted it is zero, from GO to the end. @default false */
  readonly isSum?: boolean;
  /** Written values are multiplied by this. @default 1 */
  readonly factor?: number;
}

/** Whose a line is. */
export type LineOwner = Pick<Line, 'name' | 'instance'>;

const LINES = {
  value: ValueLine,
  sample: SampleLine,
  rate: RateLine,
  usage: UsageLine,
  share: ShareLine,
  peak: PeakLine,
} satisfies Record<SeriesKind, new (grid: TimeGrid) => GrowingLine>;

/**
 * Kinds of series that get a value at every look, also when the look could not measure it: their next value is about the
 * time since that look.
 */
export const LOOKED_AT: ReadonlySet<SeriesKind> = new Set(['share', 'peak']);

interface Growing {
  readonly description: SeriesDescription;
  readonly grid: TimeGrid;
  readonly lines: Map<string, { readonly owner: LineOwner; readonly line: GrowingLine }>;
}

/** The time series of a run while its files are read. */
export class SeriesCollection {
  readonly #names: ReportNames;
  readonly #growing = new Map<string, Growing>();
  readonly #lastSeenS = new Map<number, number>();
  /** Most descriptions are one object for hundreds of thousands of values. */
  readonly #byDescription = new WeakMap<SeriesDescription, Growing>();

  constructor(names: ReportNames) {
    this.#names = names;
  }

  /** Notes a value of one line, in seconds since GO. */
  put(grid: TimeGrid, description: SeriesDescription, owner: LineOwner, timeS: number, value: number): void {
    this.#lineOf(grid, description, owner).put(timeS, value * (description.factor ?? 1));
  }

  /** Adds what was counted in a stretch of time to a line of rates. */
  count(
    grid: TimeGrid,
    description: SeriesDescription & { readonly kind: 'rate' },
    owner: LineOwner,
    [fromS, toS]: readonly [fromS: number, toS: number],
    count: number,
  ): void {
    const line = this.#lineOf(grid, description, owner);
    if (!(line instanceof RateLine)) throw new Error(`${description.title} was no series of rates before`);
    line.add(fromS, toS, count * (description.factor ?? 1));
  }

  /** Notes that an instance was alive at this time. */
  seen(instance: number, timeS: number): void {
    this.#lastSeenS.set(instance, Math.max(timeS, this.#lastSeenS.get(instance) ?? -Infinity));
  }

  /**
   * All series, in the order in which they were first seen. Those that were never measured are left out: the thread's
   * columns of an instance that shares its thread. @param types - the types of the instances, where the experiment gave
   * them
   */
  finish(types: ReadonlyMap<number, string>): TimeSeries[] {
    return [...this.#growing.values()]
      .map((growing) => [growing.description.kind, this.#finished(growing, types)] as const)
      .filter(([kind, { lines }]) => !LOOKED_AT.has(kind) || lines.some(({ values }) => hasValue(values)))
      .map(([, series]) => series);
  }

  #finished({ description, grid, lines }: Growing, types: ReadonlyMap<number, string>): TimeSeries {
    return {
      name: this.#names.of(description.name),
      description: description.description ?? '',
      title: description.title,
      unit: description.unit,
      group: description.group,
      timesS: grid.timesS,
      lines: [...lines.values()].map(({ owner, line }) => {
        if (description.isSum === true && line instanceof RateLine) line.add(0, grid.durationS, 0);
        const type = owner.instance === undefined ? undefined : types.get(owner.instance);
        const values = line.finish(description.holds === true ? this.#lastSeenOf(owner) : undefined);
        return {
          ...owner,
          ...(type === undefined ? {} : { type }),
          values,
          ...(line.total === undefined ? {} : { total: line.total }),
        };
      }),
    };
  }

  #lastSeenOf({ instance }: LineOwner): number | undefined {
    return instance === undefined ? undefined : this.#lastSeenS.get(instance);
  }

  #lineOf(grid: TimeGrid, description: SeriesDescription, owner: LineOwner): GrowingLine {
    const growing = this.#byDescription.get(description) ?? this.#growingOf(grid, description);
    const found = growing.lines.get(owner.name);
    if (found !== undefined) return found.line;
    const line = new LINES[growing.description.kind](growing.grid);
    growing.lines.set(owner.name, { owner, line });
    return line;
  }

  #growingOf(grid: TimeGrid, description: SeriesDescription): Growing {
    const key = description.name.identity;
    const growing: Growing = this.#growing.get(key) ?? { description, grid, lines: new Map() };
    if (!this.#growing.has(key)) this.#names.want(description.name);
    this.#growing.set(key, growing);
    this.#byDescription.set(description, growing);
    return growing;
  }
}
