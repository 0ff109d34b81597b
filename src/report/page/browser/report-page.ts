import type { PageData, PageGraph } from '../page-data.js';
import { chart } from './charts.js';
import { element, section } from './element.js';
import { header, whatRan } from './header.js';
import { instanceTable } from './instance-table.js';
import { interactive } from './interactive.js';
import { navigation } from './navigation.js';
import { networkSection } from './network-section.js';
import { overlayExplorer } from './overlay-explorer.js';
import type { PageContent } from './packed-data.js';
import { PickedInstances } from './picked-instances.js';
import { groupedSections, seriesGraphs } from './series-graphs.js';
import { timeLine } from './time-line.js';

/** The report of one run. */
export function reportPage({ data, values }: PageContent<PageData>): readonly HTMLElement[] {
  const picked = new PickedInstances();
  const graphs = seriesGraphs(data, values, picked);
  const sections = groupedSections([
    ...graphs.map(([group, charts]) => [group, charts.map(({ card }) => card)] as const),
    ...data.distributions.map((graph) => [graph.group, [plainGraph(graph)]] as const),
  ]);
  const overlays =
    data.overlays.length === 0 ? [] : [section('overlay', 'Overlay', ...data.overlays.map(overlayExplorer))];
  const parts = [
    section('time-line', 'Time line', timeLine(data, durationOf(data)).card, picker(data, picked)),
    ...sections,
    ...overlays,
    ...networkSection(data.run.network),
    instanceTable(data.instances, picked),
    whatRan(data),
  ];
  return [header(data), navigation(parts), ...parts];
}

/** The field in which the reader types the instances to be drawn one by one, in every graph of many lines. */
function picker({ series }: PageData, picked: PickedInstances): HTMLElement | undefined {
  if (series.every(({ pickable }) => pickable.length === 0)) return undefined;
  const input = element('input', { type: 'text', id: 'picked', placeholder: '3, 7, 10-15' });
  input.addEventListener('change', () => picked.set(input.value));
  picked.onChange(() => (input.value = picked.text));
  return element(
    'div',
    { class: 'tools' },
    element('label', { for: 'picked' }, 'Draw these instances each for itself'),
    input,
  );
}

function plainGraph({ title, description, specification }: PageGraph): HTMLElement {
  return chart({ title, description, kind: 'plain', specification: () => interactive(specification, 'plain') }).card;
}

function durationOf({ series, run }: PageData): number {
  const ends = series.map(({ steps: { startS, stepS, count } }) => startS + stepS * (count - 1));
  return Math.max(1, run.experimentS ?? 0, ...ends);
}
