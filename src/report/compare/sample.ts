import jstat from 'jstat';

const CONFIDENCE = 0.95;

/** The values of one metric in the runs of a kind. */
export interface Sample {
  /** One value for each run, in the order of the runs. */
  readonly values: readonly number[];
  readonly mean: number;
  /** Half the width of the 95 % confidence interval of the mean, by Student's t; absent for a single run. */
  readonly plusMinus?: number;
}

/** @param values - at least one */
export function sampleOf(values: readonly number[]): Sample {
  const mean = meanOf(values);
  const variance = varianceOf({ values, mean });
  if (variance === undefined) return { values, mean };
  return { values, mean, plusMinus: tQuantile(values.length - 1) * Math.sqrt(variance / values.length) };
}

export interface Difference {
  /** The difference of the means: this sample's mean minus the base's. */
  readonly absolute: number;
  /** The difference in percent of the base's mean; absent when that mean is 0. */
  readonly percent?: number;
  /** Half the width of the 95 % confidence interval of the difference, by Welch's t; absent unless both are of several runs. */
  readonly plusMinus?: number;
  /** Whether that interval is on one side of 0; absent where there is no interval. */
  readonly isSignificant?: boolean;
}

export function differenceOf(base: Sample, other: Sample): Difference {
  const absolute = other.mean - base.mean;
  const percent = base.mean === 0 ? (absolute === 0 ? 0 : undefined) : (100 * absolute) / Math.abs(base.mean);
  const plusMinus = welch(base, other);
  return {
    absolute,
    ...(percent === undefined ? {} : { percent }),
    ...(plusMinus === undefined ? {} : { plusMinus, isSignificant: Math.abs(absolute) > plusMinus }),
  };
}

/**
 * Half the width of the 95 % confidence interval of the difference between the means, whose variances may differ; the degrees of freedom
 * are Welch and Satterthwaite's. Absent unless both are of several runs.
 */
export function welch(one: Sample, other: Sample): number | undefined {
  const [n, m] = [one.values.length, other.values.length];
  const [ofOne, ofOther] = [varianceOf(one), varianceOf(other)];
  if (ofOne === undefined || ofOther === undefined) return undefined;
  const [a, b] = [ofOne / n, ofOther / m];
  if (a + b === 0) return 0;
  const degrees = (a + b) ** 2 / (a ** 2 / (n - 1) + b ** 2 / (m - 1));
  return tQuantile(degrees) * Math.sqrt(a + b);
}

/** The variance of the values of several runs; undefined for a single run. */
export function varianceOf({ values, mean }: Sample): number | undefined {
  if (values.length < 2) return undefined;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The value below which a share of Student's t lies. @param share - the share below @default the share of a two-sided interval of 95 % */
export function tQuantile(degrees: number, share = 1 - (1 - CONFIDENCE) / 2): number {
  return jstat.studentt.inv(share, degrees);
}

function meanOf(values: readonly number[]): number {
  const [first] = values;
  // Rounding must not invent a variance of equal values.
  if (first !== undefined && values.every((value) => value === first)) return first;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
