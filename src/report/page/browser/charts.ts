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

/** All graphs over time show the same stretch of it. */
export const TIME_GROUP = 'time';
connect(TIME_GROUP);

export interface Chart {
  readonly card: HTMLElement;
  /** Draws it anew, e.g. with other instances; one that nobody has seen yet is left for later. */
  redraw(): void;
}

export interface ChartInit {
  readonly title: string;
  readonly description: string;
  readonly kind: 'time' | 'plain';
  readonly className?: string;
  /** Made when it is to be seen, and again whenever it is to be redrawn. */
  readonly specification: () => Specification;
  readonly onReady?: (chart: ECharts) => void;
}

const waiting = new WeakMap<Element, () => void>();
/** What nobody looks at is not drawn: a page has a hundred graphs. */
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
