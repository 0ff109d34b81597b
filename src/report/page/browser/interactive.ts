import type { Specification } from '../../graphs/specification.js';

/** What a graph on paper has not: values under the pointer, a stretch of time to choose, and room for them. */
export function interactive(
  specification: Specification,
  kind: 'time' | 'plain',
  tooltip: Specification = {},
): Specification {
  const { legend, ...rest } = specification;
  const isTime = kind === 'time';
  const grids = rest['grid'];
  return {
    ...rest,
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: 12 },
    title: { show: false },
    ...(legend === undefined
      ? {}
      : { legend: { ...(legend as object), top: 4, bottom: undefined, right: 60, left: 10 } }),
    tooltip: { trigger: 'axis', confine: true, ...tooltip },
    toolbox: { right: 6, top: 0, itemSize: 13, feature: { restore: {}, saveAsImage: { pixelRatio: 2 } } },
    ...(isTime
      ? {
          grid: { left: 70, right: 24, top: 44, bottom: 76 },
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
