import type { Bench } from 'tinybench';

/** One measured figure, beside the floor that was measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The cost that no program could avoid; absent where there is no sensible floor. */
  readonly floor?: number;
  /** `value / floor`. */
  readonly ratio?: number;
  /** The target in words: `ratio ≤ 1.5`. */
  readonly target: string;
  readonly met: boolean;
}

/** A figure that is judged by its ratio to a floor. */
export function ratioFigure(name: string, unit: string, value: number, floor: number, ratioMax: number): Figure {
  const ratio = value / floor;
  return {
    name,
    unit,
    value: round(value),
    floor: round(floor),
    ratio: round(ratio),
    target: `ratio ≤ ${ratioMax}`,
    met: ratio <= ratioMax,
  };
}

/** A figure that is judged by itself. */
export function plainFigure(name: string, unit: string, value: number, max: number): Figure {
  return { name, unit, value: round(value), target: `≤ ${max} ${unit}`, met: value <= max };
}

/** The median of a task of a tinybench run, in microseconds. */
export function medianUsOf(bench: Bench, name: string): number {
  const result = bench.getTask(name)?.result;
  if (result === undefined || !('latency' in result)) throw new Error(`the task ${name} failed`);
  return result.latency.p50 * 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
