/** The value, which the test knows to be there; fails the test if it is not. */
export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test expected a value');
  return value;
}
