/** The formats in which a graph is drawn; a PNG is drawn from the SVG. */
export const PICTURE_FORMATS = ['svg', 'png'] as const;

export type PictureFormat = (typeof PICTURE_FORMATS)[number];
