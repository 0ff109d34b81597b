import { cutText } from '../../runtime/cut-text.js';
import type { RunFailure } from '../../output/record/run-result.js';
import type { RunTick, VirtualTick } from '../../coordinator/run/run-progress.js';
import { formatDuration } from './format-duration.js';

/** `starting: 12 of 100 instances ready`. */
export function describeReady(ready: number, total: number): string {
  return `starting: ${ready} of ${total} instances ready`;
}

/**
 * `0:30  events 10 of 12  instances 5 up  failures 0  cpu 4%  120 datagrams/s  14.2 kB/s`; in virtual time, `10:00  48× real
 * time, 0:12 left  events …`.
 */
export function describeTick(tick: RunTick): string {
  return [
    `${formatDuration(tick.timeS)} `,
    ...(tick.virtual === undefined ? [] : [`${describeVirtual(tick.virtual)} `]),
    `events ${tick.commandsDone} of ${tick.commandsTotal} `,
    `instances ${tick.instancesUp} up `,
    `failures ${tick.failures} `,
    `cpu ${tick.cpuPercent.toFixed(0)}% `,
    `${Math.round(tick.datagramsPerS)} datagrams/s `,
    `${formatBytes(tick.bytesPerS)}/s`,
  ].join(' ');
}

function describeVirtual({ speed, remainingS }: VirtualTick): string {
  const pace = `${speed.toFixed(speed < 10 ? 1 : 0)}× real time`;
  return remainingS === undefined ? pace : `${pace}, ${formatDuration(remainingS)} left`;
}

/** `12.3 kB`, in powers of a thousand. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power] ?? ''}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `instance 3 at 30.001 s (hello.scenario:12): message`. */
export function describeFailure({ instance, timeS, place, message }: RunFailure): string {
  const who = instance === undefined ? 'the run' : `instance ${instance}`;
  const when = timeS === undefined ? '' : ` at ${timeS} s`;
  const where = place === undefined ? '' : ` (${place})`;
  return `${who}${when}${where}: ${cutText(message, MESSAGE_CHARS_MAX)}`;
}

/** How much of a message is shown on a terminal; run.json has more of it. */
const MESSAGE_CHARS_MAX = 500;
