import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_GRAPH_FILES } from '../../output/own-graph-files.js';
import { SPECIFICATION_SUFFIX } from '../../output/report-files.js';
import { orWriteFailed, writeOutputFile } from '../../output/write-output-file.js';
import { type Clock, nextTurn } from '../../runtime/clock.js';
import { toError } from '../../runtime/errors.js';
import type { ReportData } from '../report-data.js';
import { distributionGraph } from './distribution-graph.js';
import { drawSvg } from './draw-svg.js';
import { type GraphStyles, styled } from './graph-styles.js';
import type { NamedGraph } from './named-graph.js';
import { degreeGraph, overlayGraph } from './overlay-graph.js';
import { PictureFiles } from './picture-files.js';
import type { PictureFormat } from '../../runtime/picture-formats.js';
import type { Specification } from './specification.js';
import { timeSeriesGraph } from './time-series-graph.js';

export interface WriteGraphsInit {
  readonly directory: string;
  readonly formats: readonly PictureFormat[];
  readonly styles: GraphStyles;
  readonly ownGraphs: readonly NamedGraph[];
}

export interface WrittenGraphs {
  readonly count: number;
  /** Sentences about the graphs that could not be drawn. */
  readonly notes: readonly string[];
}

/**
 * Draws everything that there is data for, in each of the formats: `NAME.svg`, `NAME.png`, and beside them the
 * specification that they are drawn from. @param components.clock - the machine's clock
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export async function writeGraphs(
  data: ReportData,
  init: WriteGraphsInit,
  { clock }: { readonly clock: Clock },
): Promise<WrittenGraphs> {
  const { directory, styles } = init;
  orWriteFailed(directory, () => mkdirSync(directory, { recursive: true }));
  const pictures = new PictureFiles(directory, init.formats);
  const notes: string[] = [];
  const graphs = byName(graphsOf(data, init.ownGraphs), notes);
  let count = 0;
  for (const [name, specify] of graphs) {
    const specification = specify();
    if (specification === undefined) {
      notes.push(`no graph of ${name}: there is no data`);
      continue;
    }
    // The drawing library gives its memory back between turns only.
    await nextTurn(clock);
    const wanted = styled(specification, styles.of(name));
    const refused = (error: unknown) =>
      notes.push(`no graph of ${name}: it cannot be drawn: ${toError(error).message}`);
    const svg = orRefused(() => drawSvg(wanted), refused);
    if (svg === undefined) continue;
    await pictures.write(name, svg, refused);
    writeOutputFile(join(directory, `${name}${SPECIFICATION_SUFFIX}`), `${JSON.stringify(wanted)}\n`);
    count++;
  }
  await pictures.finish();
  for (const name of styles.names)
    if (!graphs.has(name))
      notes.push(`${OWN_GRAPH_FILES.styles} has a style for ${name}, but there is no graph of that name`);
  return { count, notes };
}

type Graph = readonly [name: string, specify: () => Specification | undefined];

function* graphsOf(data: ReportData, ownGraphs: readonly NamedGraph[]): Generator<Graph> {
  for (const series of data.series) yield [series.name, () => timeSeriesGraph(series, data.annotations)];
  for (const distribution of data.distributions) yield [distribution.name, () => distributionGraph(distribution)];
  for (const overlay of data.overlays) {
    const { name } = overlay;
    yield [name, () => overlayGraph(overlay)];
    yield [`${name}-out-degree`, () => degreeGraph(overlay, 'out')];
    yield [`${name}-in-degree`, () => degreeGraph(overlay, 'in')];
  }
  for (const { name, specification } of ownGraphs) yield [name, () => specification];
}

/** The graphs by name: two of the same name would be one file. */
function byName(graphs: Iterable<Graph>, notes: string[]): ReadonlyMap<string, Graph[1]> {
  const named = new Map<string, Graph[1]>();
  for (const [name, specify] of graphs) {
    if (named.has(name)) notes.push(`two graphs are called ${name}: the later one is kept`);
    named.set(name, specify);
  }
  return named;
}

/** A graph that the drawing library refuses, e.g. for an option of the experiment's, takes none of the others with it. */
function orRefused<T>(draw: () => T, onRefused: (error: unknown) => void): T | undefined {
  try {
    return draw();
  } catch (error) {
    onRefused(error);
    return undefined;
  }
}
