/** Whether a line has a value that was measured: missing values are NaN. */
export function hasValue(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isNaN(values[index])) return true;
  return false;
}
