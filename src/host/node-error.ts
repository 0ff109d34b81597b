/** The classes of Node's errors, by the beginning of their codes; any other is an `Error`. */
const CLASSES = [
  ['ERR_INVALID_ARG', TypeError],
  ['ERR_OUT_OF_RANGE', RangeError],
  ['ERR_SOCKET_BAD_PORT', RangeError],
] as const;

/** An error as Node's own functions throw it: code that runs on them tells errors apart by these codes. */
export function nodeError(code: string, message: string, details: Readonly<Record<string, unknown>> = {}): Error {
  const [, ErrorClass] = CLASSES.find(([start]) => code.startsWith(start)) ?? ['', Error];
  return Object.assign(new ErrorClass(message), { code, ...details });
}
