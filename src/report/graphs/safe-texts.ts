/** An invisible character that stands after texts while they are drawn. */
const MARK = '\u2063';

/**
 * A copy of an option object for ECharts in which no text is the name of something that every object has, e.g.
 * `constructor`: the library keeps the widths of texts in plain objects, and such a text breaks this picture and all
 * later ones.
 */
export function withSafeTexts<Option>(option: Option): Option {
  return safe(option) as Option;
}

/** Removes the marks from a picture. */
export function withoutMarks(svg: string): string {
  return svg.replaceAll(MARK, '');
}

function safe(value: unknown): unknown {
  if (typeof value === 'string') return value in Object.prototype ? `${value}${MARK}` : value;
  if (Array.isArray(value)) return value.map(safe);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, safe(each)]));
}
