import { didYouMean } from '../../runtime/suggestion.js';
import type { Parsed } from './parsed.js';
import { noSamples, type ReadSamples, SAMPLES_PREFIX } from './samples.js';

/** The shapes that values between two limits can be distributed in. */
export const DISTRIBUTION_SHAPES = ['uniform', 'normal', 'lognormal', 'pareto'] as const;

export type DistributionShape = (typeof DISTRIBUTION_SHAPES)[number];

/**
 * Values between two limits, both included; they never lie outside.
 * - `uniform`: all are equally likely;
 * - `normal`: around the middle; the limits are three standard deviations away from it;
 * - `lognormal`: the same of their logarithms: most are small, some large;
 * - `pareto`: bounded Pareto distribution with the tail index 1.5: most are near the lower limit, few are far from it;
 * - where there are samples, these are the values, each as likely as every other.
 */
export interface Distribution {
  readonly from: number;
  readonly to: number;
  readonly shape: DistributionShape;
  /** Measured values, ascending; the limits are the first and the last of them. */
  readonly samples?: readonly number[];
}

export type DistributionResult =
  { readonly ok: true; readonly distribution: Distribution } | { readonly ok: false; readonly message: string };

export function constant(value: number): Distribution {
  return { from: value, to: value, shape: 'uniform' };
}

const PARETO_TAIL = 1.5;
/** The standard normal distribution's share below three standard deviations under the mean. */
const BELOW_THREE_SIGMA = 0.0013498980316301035;

/**
 * Reads `20`, `20..80`, or `20..80 normal`, in milliseconds; `ms` and `s` may stand behind a number, and a colon instead
 * of the blank, so that the whole is one word in a scenario. `file:rtt.txt` takes its values from a file.
 */
export function parseMilliseconds(
  text: string,
  min: number,
  max: number,
  readSamples: ReadSamples = noSamples,
): DistributionResult {
  const written = text.trim();
  if (written.startsWith(SAMPLES_PREFIX))
    return measured(readSamples(written.slice(SAMPLES_PREFIX.length).trim()), min, max);
  const match = /^\s*([^\s:]+?)(?:\.\.([^\s:]+))?(?:[\s:]+(\S+))?\s*$/.exec(text);
  const expected = `expected milliseconds from ${min} to ${max}, e.g. 20, 0.2s, 20..80, or 20..80:normal`;
  if (match === null) return { ok: false, message: expected };
  const [, first = '', second = first, shape = 'uniform'] = match;
  const [from, to] = [millisecondsOf(first), millisecondsOf(second)];
  if (from === undefined || to === undefined) return { ok: false, message: expected };
  if (from < min || to > max) return { ok: false, message: expected };
  if (from > to) return { ok: false, message: `its limits are swapped: write ${second}..${first}` };
  if (!isShape(shape)) {
    const question = didYouMean(shape, DISTRIBUTION_SHAPES);
    return { ok: false, message: `"${shape}" is none of ${DISTRIBUTION_SHAPES.join(', ')}${question}` };
  }
  if ((shape === 'lognormal' || shape === 'pareto') && from === 0)
    return { ok: false, message: `a ${shape} distribution begins above 0` };
  return { ok: true, distribution: { from, to, shape } };
}

function measured(result: Parsed<readonly number[]>, min: number, max: number): DistributionResult {
  if (!result.ok) return { ok: false, message: `${result.message}: ${result.hint}` };
  const { value: samples } = result;
  const [from = 0, to = from] = [samples[0], samples.at(-1)];
  const wrong = from < min ? from : to > max ? to : undefined;
  if (wrong !== undefined)
    return { ok: false, message: `it holds ${wrong}: expected milliseconds from ${min} to ${max}` };
  return { ok: true, distribution: { from, to, shape: 'uniform', samples } };
}

/** Reads a share: `5%`, or `0.05`. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(%?)$/.exec(text.trim());
  if (match === null) return undefined;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}

/** The value below which a share `u` of all values lies, for u in [0, 1). */
export function quantileOf(distribution: Distribution, u: number): number {
  const { from, to, samples } = distribution;
  if (from === to) return from;
  if (samples !== undefined) return samples[Math.floor(u * samples.length)] ?? to;
  // Rounding must not take a value out of its limits: nothing arrives earlier than the limits promise.
  return within(from, to, unlimitedQuantile(distribution, u));
}

function unlimitedQuantile({ from, to, shape }: Distribution, u: number): number {
  switch (shape) {
    case 'uniform':
      return from + u * (to - from);
    case 'normal':
      return (from + to) / 2 + (truncatedNormal(u) * (to - from)) / 6;
    case 'lognormal': {
      const [low, high] = [Math.log(from), Math.log(to)];
      return Math.exp((low + high) / 2 + (truncatedNormal(u) * (high - low)) / 6);
    }
    case 'pareto': {
      const [low, high] = [from ** PARETO_TAIL, to ** PARETO_TAIL];
      return ((high - u * (high - low)) / (high * low)) ** (-1 / PARETO_TAIL);
    }
  }
}

function within(from: number, to: number, value: number): number {
  return Math.min(to, Math.max(from, value));
}

/** A quantile of the standard normal distribution, cut off at three standard deviations on both sides. */
function truncatedNormal(u: number): number {
  return within(-3, 3, normalQuantile(BELOW_THREE_SIGMA + u * (1 - 2 * BELOW_THREE_SIGMA)));
}

/**
 * The quantile function of the standard normal distribution by P. J. Acklam's rational approximation, whose relative error is
 * below 1.15e-9.
 */
function normalQuantile(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const LOW = 0.02425;
  if (p < LOW) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(c, q) / polynomial(d, q);
  }
  if (p > 1 - LOW) {
    const q = Math.sqrt(-2 * Math.log(1 - p));
    return -polynomial(c, q) / polynomial(d, q);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(a, r) * q) / polynomial(b, r);
}

/** @param coefficients - that of the highest power first */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

function millisecondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(ms|s)?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}

function isShape(text: string): text is DistributionShape {
  return (DISTRIBUTION_SHAPES as readonly string[]).includes(text);
}
