import type { TraceEvent } from '../../output/trace/trace-line.js';
import type { RunDifference } from '../../report/diff/first-difference.js';

/** Where two runs part, for a person. */
export function describeDifference(
  { settings, goMs, events, trace }: RunDifference,
  names: readonly [one: string, other: string],
): readonly string[] {
  const lines = settings.map(([name, one, other]) => `${name.toLowerCase()} is ${shown(one)} and ${shown(other)}`);
  if (trace === undefined) return [...lines, `the same ${events} events`];
  const [one, other] = trace.next;
  const rows = [...trace.before.map((event) => [' ', event] as const), ['-', one] as const, ['+', other] as const];
  return [
    ...lines,
    `- ${names[0]}`,
    `+ ${names[1]}`,
    `after ${trace.commonEvents} events that are the same, ${difference(one, other)}:`,
    ...rows.map(([mark, event]) => `${mark} ${describeEvent(event, goMs)}`),
    ...hints(one, other),
  ];
}

function difference(one: TraceEvent | undefined, other: TraceEvent | undefined): string {
  if (one === undefined || other === undefined) return 'one of the runs is over';
  const isSame = one.timeMs === other.timeMs && one.instance === other.instance && one.kind === other.kind;
  if (isSame && one.what === other.what) return 'the same event has other bytes';
  return isSame ? 'an instance does something else' : 'something else happens';
}

function describeEvent(event: TraceEvent | undefined, goMs: number | undefined): string {
  if (event === undefined) return 'nothing: the run is over';
  const { timeMs, instance, kind, what, hash } = event;
  const time = goMs === undefined ? `${timeMs} ms` : `${((timeMs - goMs) / 1000).toFixed(6)} s`;
  const who = instance > 0 ? `instance ${instance}` : instance === 0 ? 'the network' : `tracker ${-instance}`;
  return [time, who, kind, what, hash === '' ? '' : `#${hash}`].filter((part) => part !== '').join('  ');
}

function hints(one: TraceEvent | undefined, other: TraceEvent | undefined): readonly string[] {
  if (one?.hash === other?.hash)
    return ['look at what the instance did before: chance that is not seeded, or the wall clock'];
  return [
    'bytes differ where chance is not the seed’s: ECDSA signatures (keys from very-low to high), keys that a module makes itself,',
    'a child process, the order of files in a directory; docs/virtual-time.md says what is seeded',
  ];
}

function shown(value: string | undefined): string {
  return value === undefined ? 'not set' : `"${value}"`;
}
