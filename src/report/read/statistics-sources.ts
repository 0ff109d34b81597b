import { ourName } from '../naming/wanted-name.js';
import type { SeriesDescription } from '../series-collection.js';

/** Of what a community tells, a series for each class: `CLASS-SUFFIX`. */
export interface CommunitySource extends Omit<SeriesDescription, 'name' | 'kind'> {
  readonly suffix: string;
  readonly kind: 'value' | 'rate';
}

const CONNECTIONS = { unit: 'peers', group: 'Connections', kind: 'value' } as const;
const SYNC = { unit: '1/s', group: 'Sync', kind: 'rate' } as const;

/** Of the key `statistics`: what a community knows and does, under the names that Dispersy's logs use. */
export const COMMUNITY_SERIES: ReadonlyMap<string, CommunitySource> = new Map([
  ['nr_candidates', { suffix: 'candidates', title: 'Candidates', ...CONNECTIONS }],
  ['nr_walked', { suffix: 'walked', title: 'Walked candidates', ...CONNECTIONS }],
  ['nr_stumbled', { suffix: 'stumbled', title: 'Stumbled candidates', ...CONNECTIONS }],
  ['nr_intro', { suffix: 'intro', title: 'Introduced candidates', ...CONNECTIONS }],
  ['sync_bloom_new', { suffix: 'sync-bloom-new', title: 'New bloom filters', ...SYNC }],
  ['sync_bloom_reuse', { suffix: 'sync-bloom-reuse', title: 'Bloom filters used again', ...SYNC }],
  ['sync_bloom_skip', { suffix: 'sync-bloom-skip', title: 'Requests without a bloom filter', ...SYNC }],
]);

export type RateDescription = SeriesDescription & { readonly kind: 'rate' };

/** Of the keys `statistics-…`: counts by kind of message, summed over all instances. */
export const MESSAGE_SERIES: ReadonlyMap<string, RateDescription> = new Map([
  ['statistics-successful-messages', messages('messages-received', 'Messages received, by kind')],
  ['statistics-outgoing-messages', messages('messages-sent', 'Messages sent, by kind')],
  ['statistics-created-messages', messages('messages-created', 'Messages created, by kind')],
  ['statistics-delayed-messages', messages('messages-delayed', 'Messages delayed, by kind')],
  ['statistics-dropped-messages', messages('messages-dropped', 'Packets dropped, by reason')],
]);

/** Keys that modules of the library write, each with one value: whether an instance was online is told when it changes. */
export const KEY_SERIES: ReadonlyMap<string, SeriesDescription> = new Map([
  ['online', { name: ourName('online'), title: 'Online', unit: '', group: 'Traffic', kind: 'value', holds: true }],
]);

/** How often instances told of an event, by its name. */
export const EVENT_COUNTS: SeriesDescription = {
  name: ourName('event-counts'),
  title: 'Events so far, by name',
  unit: '',
  group: 'Experiment',
  kind: 'value',
};

/** What becomes of the histogram in which the overlay stack keeps how long its requests wait for their responses. */
export const RESPONSE_TIME = ['', '-p50', '-p95', '-max', '-distribution'].map((what) => `response-time${what}`);

/** Keys that are read as something else, or that nobody draws. */
export const NO_SERIES: ReadonlySet<string> = new Set([
  'annotate',
  'peertype',
  'neighbours',
  'statistics-walk-fail',
  'statistics-endpoint-recv',
  'statistics-endpoint-send',
]);

function messages(name: string, title: string): RateDescription {
  return { name: ourName(name), title, unit: '1/s', group: 'Messages', kind: 'rate', isSum: true };
}
