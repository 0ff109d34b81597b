import * as echarts from 'echarts/dist/echarts.esm.min.mjs';
import { withoutMarks, withSafeTexts } from './safe-texts.js';
import type { Specification } from './specification.js';

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export const PICTURE_SIZE: PictureSize = { widthPx: 900, heightPx: 500 };

/**
 * The width of a character, in ems of DejaVu Sans, a wide font. Without a browser nothing measures texts, and entries of
 * a legend would run into each other.
 */
const CHARACTER_WIDTH_EM = 0.62;

echarts.setPlatformAPI({
  measureText(text: string, font?: string) {
    const sizePx = Number(/(\d+(?:\.\d+)?)px/.exec(font ?? '')?.[1] ?? 12);
    return { width: text.length * CHARACTER_WIDTH_EM * sizePx };
  },
});

/** Draws a specification as SVG, without a browser. */
export function drawSvg(specification: Specification, { widthPx, heightPx }: PictureSize = PICTURE_SIZE): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: widthPx, height: heightPx });
  try {
    chart.setOption(withSafeTexts(structuredClone(specification)));
    return renumbered(printable(withoutMarks(chart.renderToSVGString())));
  } finally {
    chart.dispose();
  }
}

/** Removes characters that XML does not have: names may hold any, and a picture with such characters could not be opened. */
function printable(svg: string): string {
  return svg.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}');
}

/**
 * Numbers the parts of a picture from 0. The library numbers the parts of all its pictures through, but the same graph
 * is to give the same file whenever it is drawn.
 */
function renumbered(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/\bzr\d+-([a-z]+)-?\d+/g, (name, kind: string) => {
    const known = names.get(name) ?? `${kind}-${names.size}`;
    names.set(name, known);
    return known;
  });
}
