import type { ECharts } from 'echarts/core';
import { overlayGraph } from '../../graphs/overlay-graph.js';
import type { Specification } from '../../graphs/specification.js';
import type { OverlayGraph } from '../../report-data.js';
import { chart } from './charts.js';
import { element } from './element.js';
import { interactive } from './interactive.js';

/** More nodes than this cannot be laid out by forces while the reader waits. */
const FORCE_MAX = 300;

/** The graph of who knew whom, in which the reader can move about and look at one peer's neighbourhood. */
export function overlayExplorer(overlay: OverlayGraph): HTMLElement {
  const { community, nodes, edges } = overlay;
  let layout: 'circular' | 'force' = 'circular';
  let drawn: ECharts | undefined;
  const made = chart({
    title: `Who knew whom at the end: ${community}`,
    description: `${nodes.length} peers, ${edges.length} times one knew another; a peer that more know is larger`,
    kind: 'plain',
    className: 'tall',
    specification: () => specificationOf(overlay, layout),
    onReady: (ready) => (drawn = ready),
  });
  const find = element('input', {
    type: 'number',
    min: '1',
    'aria-label': `Peer of ${community} to show`,
    placeholder: 'peer',
  });
  find.addEventListener('input', () => {
    drawn?.dispatchAction({ type: 'downplay', seriesIndex: 0 });
    const at = nodes.findIndex(({ id }) => id === Number(find.value));
    if (at >= 0) drawn?.dispatchAction({ type: 'highlight', seriesIndex: 0, dataIndex: at });
  });
  const switcher = element('button', { type: 'button' }, 'Lay out by forces');
  switcher.hidden = nodes.length > FORCE_MAX;
  switcher.addEventListener('click', () => {
    layout = layout === 'force' ? 'circular' : 'force';
    switcher.textContent = layout === 'force' ? 'Lay out in a circle' : 'Lay out by forces';
    made.redraw();
  });
  made.card.querySelector('.chart')?.before(element('div', { class: 'tools' }, find, switcher));
  return made.card;
}

function specificationOf(overlay: OverlayGraph, layout: 'circular' | 'force'): Specification {
  const base = overlayGraph(overlay) ?? {};
  const [graph] = (base['series'] as readonly Specification[] | undefined) ?? [];
  return {
    ...interactive(base, 'plain', { trigger: 'item' }),
    series: [
      {
        ...graph,
        layout,
        roam: true,
        draggable: layout === 'force',
        force: { repulsion: 90, edgeLength: 60, layoutAnimation: false },
        emphasis: { focus: 'adjacency', lineStyle: { width: 1.6, opacity: 0.9 }, label: { show: true } },
        blur: { itemStyle: { opacity: 0.12 }, lineStyle: { opacity: 0.02 } },
      },
    ],
  };
}
