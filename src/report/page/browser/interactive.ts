import type { Specification } from '../../graphs/specification.js';

/** Adds to a specification what a graph on paper does not have: values under the pointer, a stretch of time to choose, and room for both. */
export function interactive(
  specification: Specification,
  kind: 'time' | 'plain',
  tooltip: Specification = {},
): Specification {
  const { legend, ...rest } = specification;
  const isTime = kind === 'time';
  const grids = rest['grid'];
  const yAxis = rest['yAxis'];
  return {
    ...rest,
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: 12 },
    title: { show: false },
    ...(legend === undefined ? {} : { legend: { ...(legend as object), ...LEGEND_PLACE } }),
    tooltip: { trigger: 'axis', confine: true, ...tooltip },
    toolbox: { right: 4, top: -2, itemSize: 13, feature: { restore: {}, saveAsImage: { pixelRatio: 2 } } },
    ...(isTime
      ? {
          // The heading above the graph names the values and their unit.
          yAxis: { ...(yAxis as object), name: '' },
          grid: { left: 62, right: 24, top: 40, bottom: 76 },
          dataZoom: [
            { type: 'inside', filterMode: 'none' },
            { type: 'slider', filterMode: 'none', height: 16, bottom: 8, showDataShadow: false },
          ],
        }
      : grids === undefined
        ? {}
        : { grid: grids }),
  };
}

/** The legend stands above the graph, as wide as the buttons in the corner leave room. */
const LEGEND_PLACE = { top: 2, bottom: undefined, left: 4, width: '84%', itemWidth: 22, itemGap: 12 } as const;
