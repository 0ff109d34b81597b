import { LOG_KEYS } from '../../output/log-keys.js';
import { COMMUNITY_FIELDS, MESSAGE_COUNTS, OVERLAY_KEYS, RESPONSE_TIME } from '../../output/overlay-entries.js';
import type { SeriesShape } from '../../output/series-shape.js';
import { histogramNames } from '../naming/histogram-names.js';
import { ourName } from '../naming/wanted-name.js';
import type { SeriesDescription } from '../series-collection.js';

/** The series of a value that communities tell, one for each class; the shape's name follows the class in the series' name. */
export type CommunitySource = SeriesShape & { readonly kind: 'value' | 'rate' };

/** The series of communities, by field of the entries. */
export const COMMUNITY_SERIES: ReadonlyMap<string, CommunitySource> = new Map(
  COMMUNITY_FIELDS.map(({ field, series }) => [field, series]),
);

export type RateDescription = SeriesDescription & { readonly kind: 'rate' };

/** The series of messages by key of the log: counts by kind of message, summed over all instances. */
export const MESSAGE_SERIES: ReadonlyMap<string, RateDescription> = new Map(
  MESSAGE_COUNTS.flatMap((each) =>
    'series' in each ? [[each.key, { ...each.series, name: ourName(each.series.name), isSum: true }] as const] : [],
  ),
);

/** Keys that modules of the library write, each with one value. */
export const KEY_SERIES: ReadonlyMap<string, SeriesDescription> = new Map([
  [
    LOG_KEYS.online,
    { name: ourName('online'), title: 'Online', unit: '', group: 'Traffic', kind: 'value', holds: true },
  ],
]);

/** How often instances told of an event, by its name. */
export const EVENT_COUNTS: SeriesDescription = {
  name: ourName('event-counts'),
  title: 'Events so far, by name',
  unit: '',
  group: 'Experiment',
  kind: 'value',
};

/** The names under which the histogram of response times is drawn. */
export const RESPONSE_TIME_NAMES = histogramNames(RESPONSE_TIME.name);

/** Keys that are read as something else, or that nobody draws. */
export const NO_SERIES: ReadonlySet<string> = new Set([
  ...[LOG_KEYS.annotation, LOG_KEYS.peerType, OVERLAY_KEYS.neighbours, OVERLAY_KEYS.failedWalks],
  ...MESSAGE_COUNTS.flatMap((each) => ('series' in each ? [] : [each.key])),
]);
