import { readFileSync } from 'node:fs';
import { writeOutputFile } from '../../output/write-output-file.js';
import { distributionGraph } from '../graphs/distribution-graph.js';
import { degreeGraph } from '../graphs/overlay-graph.js';
import { type GraphStyles, styled } from '../graphs/graph-styles.js';
import type { NamedGraph } from '../graphs/named-graph.js';
import type { OverlayGraph, ReportData, TimelineEntry } from '../report-data.js';
import { Packer, type PageData, type PageGraph } from './page-data.js';
import { packedPage } from './packed-page.js';
import { pageSeriesOf } from './page-series.js';
import { pageHtml } from './page-html.js';

/** Instances' own lines get coarser until the page is no larger. */
const BYTES_MAX = 8_000_000;
/** The most points of all lines that can be picked, together. */
const PICKABLE_POINTS_TOTAL = 3_000_000;
const PICKABLE_POINTS_MAX = 600;
const PICKABLE_POINTS_MIN = 12;

/**
 * Writes the whole report as one page that needs nothing else.
 * @param scriptFile - the script that draws the page in the browser
 * @throws GumbyError OUTPUT_WRITE_FAILED
 */
export function writePage(
  file: string,
  data: ReportData,
  additions: { readonly scriptFile: string; readonly styles: GraphStyles; readonly ownGraphs: readonly NamedGraph[] },
): void {
  const lineCount = data.series.reduce((sum, { lines }) => sum + lines.length, 0);
  let points = Math.min(PICKABLE_POINTS_MAX, Math.floor(PICKABLE_POINTS_TOTAL / Math.max(1, lineCount)));
  let packed = packPage(data, Math.max(points, PICKABLE_POINTS_MIN), additions);
  while (packed.length > BYTES_MAX && points > PICKABLE_POINTS_MIN) {
    points = Math.max(PICKABLE_POINTS_MIN, Math.floor(points / 2));
    packed = packPage(data, points, additions);
  }
  const script = readFileSync(additions.scriptFile, 'utf8');
  writeOutputFile(file, pageHtml({ title: titleOf(data), script, data: packed }));
}

function packPage(data: ReportData, points: number, { styles, ownGraphs }: Omit<Additions, 'scriptFile'>): string {
  const packer = new Packer();
  const series = data.series
    .filter(({ lines }) => lines.length > 0)
    .map((each) => pageSeriesOf(each, packer, points, styles.of(each.name)));
  const page: PageData = {
    kind: 'report',
    title: titleOf(data),
    run: data.run,
    annotations: data.annotations,
    events: gathered(data.events),
    series,
    distributions: [...distributionsOf(data, styles), ...ownGraphs.map(pageGraphOf)],
    overlays: data.overlays,
    instances: data.instances,
    notes: data.notes,
  };
  return packedPage(page, packer);
}

type Additions = Parameters<typeof writePage>[2];

function titleOf({ run }: ReportData): string {
  return `${run.experimentName}: ${run.outcome}`;
}

function distributionsOf(data: ReportData, styles: GraphStyles): readonly PageGraph[] {
  const graphs = data.distributions.map((distribution) => ({
    ...distribution,
    description: distribution.description ?? '',
    specification: distributionGraph(distribution),
  }));
  return [...graphs, ...data.overlays.flatMap(degreesOf)].flatMap(
    ({ name, title, group, description, specification }) =>
      specification === undefined
        ? []
        : [{ name, title, group, description, specification: styled(specification, styles.of(name)) }],
  );
}

function degreesOf(overlay: OverlayGraph) {
  return (['out', 'in'] as const).map((direction) => ({
    name: `${overlay.name}-${direction}-degree`,
    title: `${direction === 'out' ? 'Peers known' : 'Known by'} at the end: ${overlay.community}`,
    group: 'Connections',
    description: '',
    specification: degreeGraph(overlay, direction),
  }));
}

function pageGraphOf({ name, title, specification }: NamedGraph): PageGraph {
  return { name, title, group: 'Of this experiment', description: '', specification };
}

/** Gathers the entries of one moment, command and line that are for single instances into one entry. */
function gathered(events: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const byWhat = new Map<string, TimelineEntry>();
  for (const event of events) {
    const key = `${event.timeS} ${event.text} ${event.place}`;
    const known = byWhat.get(key);
    byWhat.set(
      key,
      known === undefined
        ? event
        : {
            ...known,
            instances: `${known.instanceCount + event.instanceCount} instances`,
            instanceCount: known.instanceCount + event.instanceCount,
          },
    );
  }
  return [...byWhat.values()];
}
