/**
 * How what was measured becomes a line over time:
 * - `value`: as it was told, until it is told otherwise;
 * - `sample`: as it was told, for that one moment;
 * - `rate`: told as a count since the start, shown by the second;
 * - `usage`: the same of processes that come and go;
 * - `share`, `peak`: told of the time since it was told before, as a mean or as the largest.
 */
export type SeriesKind = 'value' | 'sample' | 'rate' | 'usage' | 'share' | 'peak';

/** What is drawn of something that is measured. */
export interface SeriesShape {
  /** Lower case with dashes: the stem of its files, and what comparisons call it. */
  readonly name: string;
  readonly title: string;
  /** As it stands at the axis. */
  readonly unit: string;
  /** The heading that it stands under. */
  readonly group: string;
  readonly kind: SeriesKind;
  /** What was measured is multiplied by this. @default 1 */
  readonly factor?: number;
  /** A sentence for readers of the report. @default none */
  readonly description?: string;
}
