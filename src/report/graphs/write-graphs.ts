import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, nextTurn } from '../../runtime/clock.js';
import { GumbyError, toError } from '../../runtime/errors.js';
import type { ReportData } from '../report-data.js';
import { distributionGraph } from './distribution-graph.js';
import { drawPng, drawSvg } from './draw.js';
import { type GraphStyles, styled } from './graph-styles.js';
import type { NamedGraph } from './named-graph.js';
import { degreeGraph, overlayGraph } from './overlay-graph.js';
import type { Specification } from './specification.js';
import { timeSeriesGraph } from './time-series-graph.js';

export interface WrittenGraphs {
  readonly count: number;
  /** What could not be drawn, and why, for people. */
  readonly notes: readonly string[];
}

/**
 * Draws everything that there is data for: `NAME.svg`, `NAME.png`, and beside them the specification they are drawn from.
 * @param clock - the machine's
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export async function writeGraphs(
  directory: string,
  data: ReportData,
  styles: GraphStyles,
  ownGraphs: readonly NamedGraph[],
  clock: Clock,
): Promise<WrittenGraphs> {
  const notes: string[] = [];
  const unused = new Set(styles.names);
  const drawn = new Set<string>();
  try {
    mkdirSync(directory, { recursive: true });
    for (const [name, specification] of specificationsOf(data, ownGraphs)) {
      unused.delete(name);
      if (specification === undefined) notes.push(`no graph of ${name}: there is no data`);
      else {
        // Two that are called the same would be one file.
        if (drawn.has(name)) notes.push(`two graphs are called ${name}: the later one is kept`);
        // The drawing library gives its memory back between turns only.
        await nextTurn(clock);
        const picture = pictureOf(styled(specification, styles.of(name)), (why) =>
          notes.push(`no graph of ${name}: it cannot be drawn: ${why}`),
        );
        if (picture === undefined) continue;
        writeGraph(join(directory, name), picture);
        drawn.add(name);
      }
    }
  } catch (cause) {
    throw new GumbyError(
      'OUTPUT_WRITE_FAILED',
      `cannot write the graphs into ${directory}: ${toError(cause).message}`,
      {
        context: { directory },
        cause,
      },
    );
  }
  for (const name of unused) notes.push(`graphs.json has a style for ${name}, but there is no graph of that name`);
  return { count: drawn.size, notes };
}

function* specificationsOf(
  data: ReportData,
  ownGraphs: readonly NamedGraph[],
): Generator<readonly [name: string, Specification | undefined]> {
  for (const series of data.series) yield [series.name, timeSeriesGraph(series, data.annotations)];
  for (const distribution of data.distributions) yield [distribution.name, distributionGraph(distribution)];
  for (const overlay of data.overlays) {
    const { name } = overlay;
    yield [name, overlayGraph(overlay)];
    yield [`${name}-out-degree`, degreeGraph(overlay, 'out')];
    yield [`${name}-in-degree`, degreeGraph(overlay, 'in')];
  }
  for (const { name, specification } of ownGraphs) yield [name, specification];
}

interface Picture {
  readonly svg: string;
  readonly png: Buffer;
  readonly specification: Specification;
}

/** One that the drawing library refuses, e.g. for an option of the experiment's, takes none of the others with it. */
function pictureOf(specification: Specification, onRefused: (why: string) => void): Picture | undefined {
  try {
    const svg = drawSvg(specification);
    return { svg, png: drawPng(svg), specification };
  } catch (error) {
    onRefused(toError(error).message);
    return undefined;
  }
}

function writeGraph(stem: string, { svg, png, specification }: Picture): void {
  writeFileSync(`${stem}.svg`, svg);
  writeFileSync(`${stem}.png`, png);
  writeFileSync(`${stem}.graph.json`, `${JSON.stringify(specification)}\n`);
}
