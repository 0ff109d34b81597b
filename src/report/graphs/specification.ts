import { FONT } from './style.js';

/** An option object of ECharts as plain JSON; it is kept beside the picture, so that anyone can change it. */
export type Specification = Readonly<Record<string, unknown>>;

/** An entry of the legend; areas are shown as areas. */
export interface LegendEntry {
  readonly name: string;
  readonly icon?: 'rect';
}

/** Title, legend and margins, which are the same for every graph. */
export function frame(title: string, legend: readonly LegendEntry[]): Specification {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT, fontSize: 12 },
    title: { text: title, left: 'center', top: 8, textStyle: { fontSize: 15, fontFamily: FONT } },
    ...(legend.length === 0 ? {} : { legend: { type: 'scroll', bottom: 6, itemWidth: 34, itemGap: 24, data: legend } }),
    grid: { left: 84, right: 36, top: 52, bottom: legend.length === 0 ? 52 : 88 },
  };
}
