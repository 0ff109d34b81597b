import { type Quantiles, quantilesOf, weightedQuantilesOf } from '../statistics/quantiles.js';
import { type KeyFigure, keyFiguresOf } from './key-figures.js';
import type { OverlayGraph, ReportData, TimeSeries } from './report-data.js';

/** The version is raised when a field changes its meaning or goes. */
const SUMMARY_VERSION = 1;
const DECIMALS = 6;

/** The content of `summary.json`; an absent figure was not measured. */
export interface Summary {
  readonly version: number;
  readonly run: ReportData['run'];
  readonly figures: readonly KeyFigure[];
  readonly annotations: ReportData['annotations'];
  readonly series: Readonly<Record<string, SeriesSummary>>;
  readonly distributions: Readonly<
    Record<string, { readonly title: string; readonly unit: string } & Partial<Quantiles>>
  >;
  readonly overlays: readonly OverlaySummary[];
  readonly notes: readonly string[];
}

export interface SeriesSummary {
  readonly title: string;
  readonly unit: string;
  /** A sentence about the series; empty when there is nothing to say. */
  readonly description: string;
  /** Quantiles over every line at every moment. */
  readonly all?: Quantiles;
  /** Quantiles over the means of the lines. */
  readonly means?: Quantiles;
  /** Quantiles over the last values of the lines. */
  readonly last?: Quantiles;
}

export interface OverlaySummary {
  readonly name: string;
  readonly community: string;
  readonly nodes: number;
  readonly edges: number;
  readonly outDegree?: Quantiles;
  readonly inDegree?: Quantiles;
}

export function summaryOf(data: ReportData): Summary {
  return {
    version: SUMMARY_VERSION,
    run: data.run,
    figures: keyFiguresOf(data),
    annotations: data.annotations,
    series: Object.fromEntries(data.series.map((series) => [series.name, summaryOfSeries(series)])),
    distributions: Object.fromEntries(
      data.distributions.map(({ name, title, unit, values, counts }) => [
        name,
        { title, unit, ...quantilesOfDistribution(values, counts) },
      ]),
    ),
    overlays: data.overlays.map(summaryOfOverlay),
    notes: data.notes,
  };
}

function quantilesOfDistribution(values: ArrayLike<number>, counts: ArrayLike<number> | undefined) {
  return counts === undefined
    ? quantilesOf(Array.from(values), DECIMALS)
    : weightedQuantilesOf(values, counts, DECIMALS);
}

function summaryOfSeries({ title, unit, description, lines }: TimeSeries): SeriesSummary {
  const known = lines.map((line) => knownValues(line.values)).filter(({ length }) => length > 0);
  const figures = {
    all: quantilesOf(concatenated(known), DECIMALS),
    means: quantilesOf(
      known.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length),
      DECIMALS,
    ),
    last: quantilesOf(
      known.map((each) => each.at(-1) as number),
      DECIMALS,
    ),
  };
  const { all, means, last } = figures;
  return {
    title,
    unit,
    description,
    ...(all === undefined ? {} : { all }),
    ...(means === undefined ? {} : { means }),
    ...(last === undefined ? {} : { last }),
  };
}

function knownValues(values: ArrayLike<number>): Float64Array {
  const known = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count);
}

function concatenated(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const each of arrays) {
    all.set(each, offset);
    offset += each.length;
  }
  return all;
}

function summaryOfOverlay({ name, community, nodes, edges }: OverlayGraph): OverlaySummary {
  const out = new Map(nodes.map(({ id }) => [id, 0]));
  const into = new Map(nodes.map(({ id }) => [id, 0]));
  for (const [from, to] of edges) {
    out.set(from, (out.get(from) ?? 0) + 1);
    into.set(to, (into.get(to) ?? 0) + 1);
  }
  const [outDegree, inDegree] = [quantilesOf([...out.values()]), quantilesOf([...into.values()])];
  return {
    name,
    community,
    nodes: nodes.length,
    edges: edges.length,
    ...(outDegree === undefined ? {} : { outDegree }),
    ...(inDegree === undefined ? {} : { inDegree }),
  };
}
