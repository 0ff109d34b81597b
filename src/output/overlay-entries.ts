import type { SeriesShape } from './series-shape.js';

/**
 * The keys under which the overlay stack writes to `statistics.log`, named as in Dispersy's logs. Entries tell only what changed since
 * the entry before. To tell something more takes a row in one of these tables, and a value where the entry is made.
 */
export const OVERLAY_KEYS = {
  /** Values of the stack as a whole, and of its communities by their ids: `{ …, communities: { CID: { classification, … } } }`. */
  stack: 'statistics',
  /** At the end of a session the peers that each community knows to be there: `{ CLASS: [address, …] }`. */
  neighbours: 'neighbours',
  /** Counts of walks that got no answer, by the candidate that was asked. */
  failedWalks: 'statistics-walk-fail',
} as const;

/** The part of the stack's entry that tells of its communities, by their ids. */
export interface StackEntry {
  readonly communities: Readonly<Record<string, CommunityEntry>>;
}

export type CommunityEntry = Readonly<Record<CommunityField, number>> & { readonly classification: string };

const CONNECTIONS = { unit: 'peers', group: 'Connections', kind: 'value' } as const;
const SYNC = { unit: '1/s', group: 'Sync', kind: 'rate' } as const;

/** The fields of a community that are drawn, each as a series for each class of communities: `CLASS-NAME`, `TITLE of CLASS`. */
export const COMMUNITY_FIELDS = [
  { field: 'nr_candidates', series: { name: 'candidates', title: 'Candidates', ...CONNECTIONS } },
  { field: 'nr_walked', series: { name: 'walked', title: 'Walked candidates', ...CONNECTIONS } },
  { field: 'nr_stumbled', series: { name: 'stumbled', title: 'Stumbled candidates', ...CONNECTIONS } },
  { field: 'nr_intro', series: { name: 'intro', title: 'Introduced candidates', ...CONNECTIONS } },
  { field: 'sync_bloom_new', series: { name: 'sync-bloom-new', title: 'New bloom filters', ...SYNC } },
  { field: 'sync_bloom_reuse', series: { name: 'sync-bloom-reuse', title: 'Bloom filters used again', ...SYNC } },
  { field: 'sync_bloom_skip', series: { name: 'sync-bloom-skip', title: 'Requests without a bloom filter', ...SYNC } },
] as const satisfies readonly {
  readonly field: string;
  readonly series: SeriesShape & { readonly kind: 'value' | 'rate' };
}[];

export type CommunityField = (typeof COMMUNITY_FIELDS)[number]['field'];

const MESSAGES = { unit: '1/s', group: 'Messages', kind: 'rate' } as const;

/** Counts by kind of message – for drops, by reason –, each under a key of its own; they are summed over all instances. */
export const MESSAGE_COUNTS = [
  {
    count: 'received',
    key: 'statistics-successful-messages',
    series: { name: 'messages-received', title: 'Messages received, by kind', ...MESSAGES },
  },
  {
    count: 'sent',
    key: 'statistics-outgoing-messages',
    series: { name: 'messages-sent', title: 'Messages sent, by kind', ...MESSAGES },
  },
  {
    count: 'created',
    key: 'statistics-created-messages',
    series: { name: 'messages-created', title: 'Messages created, by kind', ...MESSAGES },
  },
  {
    count: 'delayed',
    key: 'statistics-delayed-messages',
    series: { name: 'messages-delayed', title: 'Messages delayed, by kind', ...MESSAGES },
  },
  {
    count: 'dropped',
    key: 'statistics-dropped-messages',
    series: { name: 'messages-dropped', title: 'Packets dropped, by reason', ...MESSAGES },
  },
  { count: 'endpoint_recv', key: 'statistics-endpoint-recv' },
  { count: 'endpoint_send', key: 'statistics-endpoint-send' },
] as const satisfies readonly {
  readonly count: string;
  readonly key: string;
  readonly series?: SeriesShape & { readonly kind: 'rate' };
}[];

/** The histogram in which the stack keeps how long its requests wait for their responses. */
export const RESPONSE_TIME = {
  part: 'dispersy',
  name: 'response-time',
  unit: 'ms',
  description: 'From an introduction-request to its response',
} as const;
