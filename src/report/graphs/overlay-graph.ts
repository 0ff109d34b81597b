import type { OverlayGraph } from '../report-data.js';
import { distributionGraph } from './distribution-graph.js';
import { frame, type Specification } from './specification.js';
import { colorOf } from './style.js';

/** With more nodes than this their numbers would cover each other. */
const LABELLED_MAX = 60;

/** The graph of who knew whom, in a circle: the size of a node tells how many peers knew it. @returns undefined when there are no nodes */
export function overlayGraph({ community, nodes, edges }: OverlayGraph): Specification | undefined {
  if (nodes.length === 0) return undefined;
  const known = new Map<number, number>();
  for (const [, to] of edges) known.set(to, (known.get(to) ?? 0) + 1);
  const most = Math.max(1, ...known.values());
  const types = [...new Set(nodes.map(({ type = '' }) => type))];
  const scale = nodes.length > LABELLED_MAX ? 0.5 : 1;
  return {
    ...frame(`Who knew whom at the end: ${community}`, types.length > 1 ? types.map((name) => ({ name })) : []),
    series: [
      {
        type: 'graph',
        layout: 'circular',
        top: 60,
        bottom: 40,
        categories: types.map((name, at) => ({ name, itemStyle: { color: colorOf(at) } })),
        label: { show: nodes.length <= LABELLED_MAX, fontSize: 9, position: 'inside', color: '#ffffff' },
        lineStyle: { color: '#777777', width: 0.6, opacity: opacityOf(edges.length), curveness: 0.1 },
        edgeSymbol: ['none', edges.length > 500 ? 'none' : 'arrow'],
        edgeSymbolSize: 4,
        data: nodes.map(({ id, type = '' }) => ({
          id: String(id),
          name: String(id),
          category: types.indexOf(type),
          symbolSize: scale * (8 + (14 * (known.get(id) ?? 0)) / most),
        })),
        links: edges.map(([from, to]) => ({ source: String(from), target: String(to) })),
      },
    ],
  };
}

/** The opacity of a line: the more lines there are, the fainter each is, so that common patterns can be seen. */
function opacityOf(edgeCount: number): number {
  return Math.max(0.02, Math.min(0.5, 300 / edgeCount));
}

/** The distribution of how many peers each one knew, or was known by. */
export function degreeGraph(
  { community, nodes, edges }: OverlayGraph,
  direction: 'in' | 'out',
): Specification | undefined {
  const degrees = new Map(nodes.map(({ id }) => [id, 0]));
  for (const [from, to] of edges) {
    const id = direction === 'out' ? from : to;
    degrees.set(id, (degrees.get(id) ?? 0) + 1);
  }
  const title = `${direction === 'out' ? 'Peers known' : 'Known by'} at the end: ${community}`;
  return distributionGraph({ name: '', title, unit: 'peers', group: '', values: [...degrees.values()] });
}
