/**
 * How measured values become a line over time:
 * - `value`: a value holds until the next one;
 * - `sample`: a value holds for its one moment;
 * - `rate`: the values are counts since the start, and are shown by the second;
 * - `usage`: the same for processes that come and go;
 * - `share`, `peak`: each value is of the time since the value before, as a mean or as the largest.
 */
export type SeriesKind = 'value' | 'sample' | 'rate' | 'usage' | 'share' | 'peak';

/** How a measured value is drawn. */
export interface SeriesShape {
  /** The name in lower case with dashes: the stem of the series' files, and its name in comparisons. */
  readonly name: string;
  readonly title: string;
  /** The unit as it stands at the axis. */
  readonly unit: string;
  /** The heading that the graph stands under. */
  readonly group: string;
  readonly kind: SeriesKind;
  /** Measured values are multiplied by this. @default 1 */
  readonly factor?: number;
  /** A sentence for readers of the report. @default none */
  readonly description?: string;
}
