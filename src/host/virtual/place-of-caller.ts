/** So many frames are looked at: a package may be called through many of its own functions. */
const FRAMES_MAX = 50;

/** The code of the experiment that the present call came from, `file:line`, as far as the stack tells; `an unknown place` otherwise. */
export function placeOfCaller(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES_MAX;
  const { stack = '' } = new Error('for its stack');
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const place = /\(?((?:file:\/\/)?[^\s()]+:\d+):\d+\)?$/.exec(line)?.[1];
    if (place !== undefined && !place.startsWith('node:') && !OWN_CODE.test(place)) return place;
  }
  return 'an unknown place';
}

/** The library's own file, and its sources where stacks are mapped to them. */
const OWN_CODE = /(\/dist\/gumby\.cjs|\/src\/(host|runtime|instance|worker|network)\/[^:]+\.ts):/;
