import type { PageData, PageGraph } from '../page-data.js';
import { chart } from './charts.js';
import { element, section } from './element.js';
import { header, whatRan } from './header.js';
import { instanceTable } from './instance-table.js';
import { interactive } from './interactive.js';
import { overlayExplorer } from './overlay-explorer.js';
import type { PageContent } from './packed-data.js';
import { PickedInstances } from './picked-instances.js';
import { seriesGraphs } from './series-graphs.js';
import { timeLine } from './time-line.js';

/** The report of one run. */
export function reportPage({ data, values }: PageContent<PageData>): readonly HTMLElement[] {
  const picked = new PickedInstances();
  const graphs = seriesGraphs(data, values, picked);
  const plain = groupsOf(data.distributions);
  const groups = [...new Set([...graphs.map(([group]) => group), ...plain.keys()])].sort(byImportance);
  const sections = groups.map((group) =>
    section(
      anchorOf(group),
      group,
      element(
        'div',
        { class: 'cards' },
        ...graphs.filter(([name]) => name === group).flatMap(([, charts]) => charts.map(({ card }) => card)),
        ...(plain.get(group) ?? []).map(plainGraph),
      ),
    ),
  );
  const overlays =
    data.overlays.length === 0 ? [] : [section('overlay', 'Overlay', ...data.overlays.map(overlayExplorer))];
  const parts = [
    section('time-line', 'Time line', timeLine(data, durationOf(data)).card, picker(data, picked)),
    ...sections,
    ...overlays,
    instanceTable(data.instances, picked),
    whatRan(data),
  ];
  return [header(data), navigation(parts), ...parts];
}

/** What an experiment is about first, what it costs last; what is not listed comes before all. */
const GROUPS = [
  'Experiment',
  'Connections',
  'Messages',
  'Sync',
  'Traffic',
  'Validity',
  'Resources',
  'Process',
  'External commands',
];

function byImportance(one: string, other: string): number {
  return GROUPS.indexOf(one) - GROUPS.indexOf(other);
}

function navigation(parts: readonly HTMLElement[]): HTMLElement {
  const links = parts.map(({ id, firstChild }) => element('a', { href: `#${id}` }, firstChild?.textContent ?? id));
  return element('nav', { 'aria-label': 'Parts of the report' }, ...links);
}

/** Instances to be drawn each for itself, in every graph of many. */
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

function groupsOf(graphs: readonly PageGraph[]): ReadonlyMap<string, readonly PageGraph[]> {
  const groups = new Map<string, PageGraph[]>();
  for (const graph of graphs) groups.set(graph.group, [...(groups.get(graph.group) ?? []), graph]);
  return groups;
}

function plainGraph({ title, description, specification }: PageGraph): HTMLElement {
  return chart({ title, description, kind: 'plain', specification: () => interactive(specification, 'plain') }).card;
}

function durationOf({ series, run }: PageData): number {
  const ends = series.map(({ steps: { startS, stepS, count } }) => startS + stepS * (count - 1));
  return Math.max(1, run.experimentS ?? 0, ...ends);
}

function anchorOf(group: string): string {
  return group.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
