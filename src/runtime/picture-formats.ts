/** What a graph is drawn as; SVG is what PNG is drawn from. */
export const PICTURE_FORMATS = ['svg', 'png'] as const;

export type PictureFormat = (typeof PICTURE_FORMATS)[number];
