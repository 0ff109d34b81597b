/** Okabe and Ito's palette, whose colours colour-blind readers can tell apart as well. Black is kept for medians. */
export const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#F0E442', '#000000'] as const;

/** Dashes by which lines can be told apart in black and white, in the form that ECharts takes. */
export const DASHES = ['solid', [8, 3], [2, 3], [10, 3, 2, 3], [14, 4], [4, 2]] as const;

export const FONT = 'DejaVu Sans';

export function colorOf(index: number): string {
  return COLORS[index % COLORS.length] as string;
}

/** The dash of a line: it differs between neighbours, and each time the colours have gone round. */
export function dashOf(index: number): string | readonly number[] {
  return DASHES[index % DASHES.length] as string | readonly number[];
}
