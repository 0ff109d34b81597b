/** How much of a text is shown. */
const TEXT_SHOWN = 40;

/**
 * Says in a few words what a value is. It takes any value: what came from a user's code may be huge, or refuse to be printed.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > TEXT_SHOWN ? `the text "${value.slice(0, TEXT_SHOWN)}…"` : `the text "${value}"`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}
