import { didYouMean } from '../../runtime/suggestion.js';
import type { ParsedSetting } from './parsed.js';
import type { ReadSamples } from './samples.js';
import { constant, type Distribution, parseMilliseconds, parseShare } from './distribution.js';

/** The properties of a link, in one direction. */
export interface LinkSettings {
  /** How long packets take, in milliseconds: one value for each pair of instances, the same in both directions. */
  readonly latency: Distribution;
  /** What is added for each packet, in milliseconds. */
  readonly jitter: Distribution;
  /** Whether packets may overtake each other by their jitter. */
  readonly order: LinkOrder;
  /** The share of packets that take twice the latency of their link, so that others overtake them. */
  readonly reorder: number;
  /** The share of packets that are lost. */
  readonly loss: number;
  /** How many packets in a row are lost on average where some are; 1 for losses that have nothing to do with each other. */
  readonly burst: number;
  /** The share of packets that arrive twice. */
  readonly duplicate: number;
  /** The share of packets that arrive with one bit flipped, as over UDP without a checksum. */
  readonly corrupt: number;
  /** The longest packet that is carried, in bytes with the headers of IPv4 and UDP; `Infinity` for no limit. */
  readonly mtu: number;
}

/** Whether packets of a link arrive in the order in which they were sent, or as their jitter wants it. */
export const LINK_ORDERS = ['free', 'kept'] as const;

export type LinkOrder = (typeof LINK_ORDERS)[number];

/** Without latency nothing would say which of two instances comes first. */
export const LATENCY_MIN_MS = 0.1;
/** An hour: whatever is longer is a slip of the finger. */
const DELAY_MAX_MS = 3_600_000;

export const DEFAULT_LINK: LinkSettings = {
  latency: constant(1),
  jitter: constant(0),
  order: 'free',
  reorder: 0,
  loss: 0,
  burst: 1,
  duplicate: 0,
  corrupt: 0,
  mtu: Infinity,
};

/** What IPv4 carries everywhere (RFC 791). */
const MTU_MIN = 68;
/** More packets in a row are a cut. */
const BURST_MAX = 100_000;

/** What a configuration or a scenario sets; what is absent stays as it is. */
export type LinkChange = Partial<LinkSettings>;

/** The names of the settings, as configurations (`link_latency`) and scenarios (`latency=`) write them. */
export const LINK_SETTING_NAMES = [
  ...(['latency', 'jitter', 'order', 'reorder', 'loss', 'burst', 'duplicate', 'corrupt', 'mtu'] as const),
] as const satisfies readonly (keyof LinkSettings)[];

/** Reads one setting. @param readSamples - reads files of measured values; absent where nobody can */
export function parseLinkSetting(name: string, text: string, readSamples?: ReadSamples): ParsedSetting<LinkChange> {
  switch (name) {
    case 'latency':
    case 'jitter': {
      const result = parseMilliseconds(text, name === 'latency' ? LATENCY_MIN_MS : 0, DELAY_MAX_MS, readSamples);
      if (result.ok) return { ok: true, change: { [name]: result.distribution } };
      return { ok: false, message: `${name} is "${text}"`, hint: result.message };
    }
    case 'order': {
      const order = LINK_ORDERS.find((each) => each === text.trim());
      if (order !== undefined) return { ok: true, change: { order } };
      return { ok: false, message: `order is "${text}"`, hint: `expected one of ${LINK_ORDERS.join(', ')}` };
    }
    case 'reorder':
    case 'loss':
    case 'duplicate':
    case 'corrupt': {
      const share = parseShare(text);
      if (share !== undefined) return { ok: true, change: { [name]: share } };
      return { ok: false, message: `${name} is "${text}"`, hint: 'expected a share from 0% to 100%, e.g. 5% or 0.05' };
    }
    case 'burst': {
      const burst = Number(text);
      if (text.trim() !== '' && burst >= 1 && burst <= BURST_MAX) return { ok: true, change: { burst } };
      return { ok: false, message: `burst is "${text}"`, hint: `expected packets in a row, from 1 to ${BURST_MAX}` };
    }
    case 'mtu': {
      const mtu = text.trim() === 'none' ? Infinity : /^\d+$/.test(text.trim()) ? Number(text) : 0;
      if (mtu >= MTU_MIN) return { ok: true, change: { mtu } };
      return { ok: false, message: `mtu is "${text}"`, hint: `expected bytes, ${MTU_MIN} at least, or none` };
    }
    default: {
      const hint = `expected ${LINK_SETTING_NAMES.join(', ')}`;
      const question = didYouMean(name, LINK_SETTING_NAMES);
      return { ok: false, message: `links have no setting "${name}"${question}`, hint };
    }
  }
}

/** The shortest time that a packet can take under these settings. */
export function shortestMs({ latency, jitter }: Pick<LinkSettings, 'latency' | 'jitter'>): number {
  return latency.from + jitter.from;
}
