/** Whether anything of a line was measured: what was not is NaN. */
export function hasValue(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isNaN(values[index])) return true;
  return false;
}
