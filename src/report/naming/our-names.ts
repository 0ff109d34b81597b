import { REPORT_TABLES } from '../../output/report-files.js';
import { COMMAND_SOURCES, INSTANCE_SOURCES, PROCESS_SOURCES, THREAD_SOURCES } from '../read/resource-sources.js';
import {
  COMMUNITY_SERIES,
  EVENT_COUNTS,
  KEY_SERIES,
  MESSAGE_SERIES,
  RESPONSE_TIME_NAMES,
} from '../read/statistics-sources.js';
import { fileName } from './file-name.js';
import { EVENT_LATENESS, TIMERS_LATENESS } from '../distributions.js';
import { MESSAGES_MISSING } from '../derived-series.js';

/** Stands before the names of an experiment that are ours. */
export const EXPERIMENT_PREFIX = 'experiment-';

/**
 * Names that begin with one of these are ours, whatever follows: graphs of overlays, and names that experiments' own
 * graphs get in the place of ours.
 */
const PREFIXES = ['overlay-', EXPERIMENT_PREFIX];

/** The names of figures of a whole run in comparisons, and of tables that are no series. */
const OTHERS = [...['overlay', 'run', 'figure'], ...Object.values(REPORT_TABLES).map(({ stem }) => fileName(stem))];

/** Whether a series or distribution of the library has this name, in this run or in any other. */
export function isOurs(stem: string): boolean {
  return FIXED.has(stem) || PREFIXES.some((prefix) => stem.startsWith(prefix)) || OF_A_CLASS.test(stem);
}

const FIXED: ReadonlySet<string> = new Set([
  ...[...INSTANCE_SOURCES, ...THREAD_SOURCES, ...PROCESS_SOURCES, ...COMMAND_SOURCES, EVENT_COUNTS].map(
    ({ name }) => name.stem,
  ),
  ...[...MESSAGE_SERIES.values(), ...KEY_SERIES.values()].map(({ name }) => name.stem),
  ...[MESSAGES_MISSING, EVENT_LATENESS, TIMERS_LATENESS, ...RESPONSE_TIME_NAMES],
  ...OTHERS,
]);

/** `CLASS-candidates` and the like, also as distributions at the end: no list can know which classes there are. */
const OF_A_CLASS = new RegExp(
  `-(?:${[...COMMUNITY_SERIES.values()].map(({ name }) => name).join('|')})(?:-at-the-end)?$`,
);
