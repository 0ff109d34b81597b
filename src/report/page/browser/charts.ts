import { BarChart, CustomChart, GraphChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  ToolboxComponent,
  TooltipComponent,
} from 'echarts/components';
import { connect, type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { withSafeTexts } from '../../graphs/safe-texts.js';
import type { Specification } from '../../graphs/specification.js';
import { element } from './element.js';

use([
  ...[BarChart, CustomChart, GraphChart, LineChart, ScatterChart, CanvasRenderer],
  ...[DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent],
  ...[ToolboxComponent, TooltipComponent],
]);

/** Graphs of this group show the same stretch of time. */
export const TIME_GROUP = 'time';
connect(TIME_GROUP);

export interface Chart {
  readonly card: HTMLElement;
  /** Draws the graph anew, e.g. with other instances; a graph that has not been on the screen yet is left for later. */
  redraw(): void;
}

export interface ChartInit {
  readonly title: string;
  readonly description: string;
  readonly kind: 'time' | 'plain';
  readonly className?: string;
  /** Makes the specification, when the graph comes to the screen and whenever it is to be redrawn. */
  readonly specification: () => Specification;
  readonly onReady?: (chart: ECharts) => void;
}

const waiting = new WeakMap<Element, () => void>();
/** A graph is drawn when it comes to the screen: a page has a hundred of them. */
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      waiting.get(target)?.();
    }
  },
  { rootMargin: '300px' },
);

export function chart({ title, description, kind, className = '', specification, onReady }: ChartInit): Chart {
  const place = element('div', { class: `chart ${className}`, role: 'img', 'aria-label': `Graph: ${title}` });
  const card = element(
    'article',
    { class: 'card', 'data-graph': title },
    element('h3', {}, title),
    description === '' ? undefined : element('p', { class: 'faint' }, description),
    place,
  );
  let drawn: ECharts | undefined;
  waiting.set(place, () => {
    drawn = init(place, null, { renderer: 'canvas' });
    drawn.setOption(withSafeTexts(specification()));
    if (kind === 'time') drawn.group = TIME_GROUP;
    onReady?.(drawn);
    place.dataset['drawn'] = 'yes';
    new ResizeObserver(() => drawn?.resize()).observe(place);
  });
  watcher.observe(place);
  return { card, redraw: () => drawn?.setOption(withSafeTexts(specification()), { replaceMerge: ['series'] }) };
}
