import type { Comparison } from '../compare/comparison.js';
import type { Specification } from '../graphs/specification.js';
import type { Annotation, InstanceRow, OverlayGraph, RunFacts, TimelineEntry } from '../report-data.js';

/**
 * The data that a page is drawn from, as the page holds them: plain JSON, and one array of 16-bit numbers in which all
 * values over time lie, each line at its offset. 65,535 stands for no value; the others are equal steps from the
 * series' `min` to its `max`.
 */
export interface PageData {
  readonly kind: 'report';
  readonly title: string;
  readonly run: RunFacts;
  readonly annotations: readonly Annotation[];
  readonly events: readonly TimelineEntry[];
  readonly series: readonly PageSeries[];
  readonly distributions: readonly PageGraph[];
  readonly overlays: readonly OverlayGraph[];
  readonly instances: readonly InstanceRow[];
  readonly notes: readonly string[];
}

/** The data that the page of a comparison is drawn from. */
export interface ComparisonPageData {
  readonly kind: 'comparison';
  readonly title: string;
  readonly comparison: Comparison;
  readonly series: readonly PageSeries[];
}

export type AnyPageData = PageData | ComparisonPageData;

/** A picture that is drawn as it was specified. */
export interface PageGraph {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly description: string;
  readonly specification: Specification;
}

/** Equal steps of time, in seconds since GO. */
export interface Steps {
  readonly startS: number;
  readonly stepS: number;
  readonly count: number;
}

export interface PackedLine {
  readonly name: string;
  readonly instance?: number;
  readonly type?: string;
  /** The offset of the first value. */
  readonly offset: number;
}

export interface PageSeries {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly group: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
  readonly steps: Steps;
  /** The lines themselves, if there are few; otherwise empty. */
  readonly lines: readonly PackedLine[];
  /** The bands of many lines, each as five offsets: minimum, lower quartile, median, upper quartile, maximum. */
  readonly bandGroups: readonly { readonly who: string; readonly offsets: readonly number[] }[];
  /** Each of many lines in coarser steps, so that single ones can be picked. */
  readonly pickable: readonly PackedLine[];
  readonly pickableSteps: Steps;
  /** Changes to the look that the experiment wants. */
  readonly style?: Specification;
}

export const NO_VALUE = 0xffff;
const STEPS = NO_VALUE - 1;

/** Gathers values over time into the one array. */
export class Packer {
  readonly #chunks: Uint16Array[] = [];
  #length = 0;

  /** @returns the offset */
  add(values: ArrayLike<number>, min: number, max: number): number {
    const chunk = new Uint16Array(values.length);
    const factor = max > min ? STEPS / (max - min) : 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      chunk[index] = Number.isFinite(value) ? Math.round((value - min) * factor) : NO_VALUE;
    }
    this.#chunks.push(chunk);
    const offset = this.#length;
    this.#length += chunk.length;
    return offset;
  }

  finish(): Uint16Array {
    const all = new Uint16Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    return all;
  }
}

export function unpack(packed: Uint16Array, offset: number, count: number, min: number, max: number): Float64Array {
  const factor = (max - min) / STEPS;
  return Float64Array.from(packed.subarray(offset, offset + count), (step) =>
    step === NO_VALUE ? Number.NaN : Number((min + step * factor).toPrecision(6)),
  );
}

export function timesOf({ startS, stepS, count }: Steps): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => startS + index * stepS);
}
