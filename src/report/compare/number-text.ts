/** With a plus where the value is positive: a difference. */
export function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${rounded(value)}`;
}

/** To four significant digits: runs do not repeat more. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
