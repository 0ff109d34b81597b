import type { Line } from '../report-data.js';

/** The spread of many lines at each moment; NaN where no line has a value. */
export interface Bands {
  readonly min: Float64Array;
  readonly lowerQuartile: Float64Array;
  readonly median: Float64Array;
  readonly upperQuartile: Float64Array;
  readonly max: Float64Array;
}

/** Nearest-rank quantiles over the lines, moment by moment. */
export function bandsOf(lines: readonly Line[], length: number): Bands {
  const empty = () => new Float64Array(length).fill(Number.NaN);
  const bands = { min: empty(), lowerQuartile: empty(), median: empty(), upperQuartile: empty(), max: empty() };
  const values = new Float64Array(lines.length);
  for (let index = 0; index < length; index++) {
    let count = 0;
    for (const line of lines) {
      const value = line.values[index] as number;
      if (!Number.isNaN(value)) values[count++] = value;
    }
    if (count === 0) continue;
    const sorted = values.subarray(0, count).sort();
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * count) - 1)] as number;
    bands.min[index] = at(0);
    bands.lowerQuartile[index] = at(0.25);
    bands.median[index] = at(0.5);
    bands.upperQuartile[index] = at(0.75);
    bands.max[index] = at(1);
  }
  return bands;
}
