/** Bits per second, by unit. */
const RATE_UNITS: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };
/** Bytes, by unit. */
const SIZE_UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6 };

/** Reads `8mbit` as bits per second; `none` is no limit. @returns undefined when the text is no rate */
export function parseRate(text: string): number | undefined {
  return text.trim().toLowerCase() === 'none' ? Infinity : parseAmount(text, RATE_UNITS);
}

/** Reads `64kB` as bytes. @returns undefined when the text is no size */
export function parseSize(text: string): number | undefined {
  return parseAmount(text, SIZE_UNITS);
}

function parseAmount(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim().toLowerCase());
  const unit = Object.hasOwn(units, match?.[2] ?? '') ? units[match?.[2] ?? ''] : undefined;
  const amount = unit === undefined ? 0 : Number(match?.[1]) * unit;
  return amount > 0 ? amount : undefined;
}
