import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { renderAsync } from '@resvg/resvg-js';
import { PICTURE_SIZE, type PictureSize } from './draw-svg.js';
import { FONT } from './style.js';

/** A PNG has twice as many pixels as its width says, for screens and papers that show it small. */
const PNG_SCALE = 2;

/**
 * Draws a PNG from an SVG with a font of our own, so that a machine without fonts draws the same. A thread of the pool
 * draws it, while this one does other work.
 */
export async function drawPng(svg: string, { widthPx }: PictureSize = PICTURE_SIZE): Promise<Buffer> {
  const font = { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: FONT };
  const image = await renderAsync(svg, { font, fitTo: { mode: 'width', value: PNG_SCALE * widthPx } });
  return image.asPng();
}

const FONT_DIRECTORY = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(FONT_DIRECTORY, name));
