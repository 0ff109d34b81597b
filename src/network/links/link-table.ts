import type { PacketFate, PacketFates } from './packet-fate.js';
import { HEADER_BYTES } from './bottleneck.js';
import { quantileOf } from './distribution.js';
import { type LinkChange, type LinkSettings, shortestMs } from './link-settings.js';
import { instancesIn } from '../../runtime/peers/instance-range.js';
import { isIn, type LinkTableChange, type NetworkChange } from './network-change.js';
import { type RegionPlan, Regions } from './regions.js';
import { PairChance } from './pair-chance.js';

/** What chance is used for. */
const SALTS = { latency: 1, jitter: 2, loss: 3, duplicate: 4, corrupt: 5, bit: 6, reorder: 7 } as const;

/** More than any number of an entity, trackers' moved above 0. */
const ENTITIES = 2 ** 20;

/** Links that keep the order of packets are swept out when there are this many of them. */
const SWEEP_FROM = 1024;

type SetLink = Extract<NetworkChange, { readonly type: 'set-link' }>;
type Cut = Extract<NetworkChange, { readonly type: 'cut' }>;
type Partition = Extract<NetworkChange, { readonly type: 'partition' }>;

/**
 * The links of the emulated network, as the sender's side sees them: what becomes of a packet follows from the settings,
 * the seed, the pair of instances, and how many packets the sender has sent. Nothing is kept for each pair: memory grows
 * with the changes that were made, and with the instances.
 */
export class LinkTable implements PacketFates {
  readonly #base: LinkSettings;
  readonly #regions: Regions | undefined;
  readonly #chance: PairChance;
  /** How many packets each sender has drawn chance for. */
  readonly #drawn = new Map<number, number>();
  #changes: readonly SetLink[] = [];
  #partitions: readonly Partition[] = [];
  #cuts: readonly Cut[] = [];
  readonly #disconnected = new Set<number>();
  /** When the last packet of links that keep the order of packets arrives, by directed pair. */
  readonly #lastMs = new Map<number, number>();
  #sweepAt = SWEEP_FROM;
  /** The directed pairs on whose link a burst of losses goes on. */
  readonly #bursts = new Set<number>();

  /** @param regions - where instances live, which says the latency of pairs for which nothing else was set */
  constructor(base: LinkSettings, seed: string, regions?: RegionPlan) {
    this.#base = base;
    this.#regions = regions && new Regions(regions);
    this.#chance = new PairChance(seed);
  }

  apply(change: LinkTableChange): void {
    switch (change.type) {
      case 'set-link':
        // A change for everyone makes what it sets of earlier ones meaningless.
        this.#changes = [...this.#changes.filter((each) => !covers(change, each)), change];
        return;
      case 'partition':
        this.#partitions = [...this.#partitions, change];
        return;
      case 'heal':
        this.#partitions = [];
        return;
      case 'cut':
        this.#cuts = [...this.#cuts, change];
        return;
      case 'restore':
        this.#cuts = [];
        return;
      case 'disconnect':
        for (const instance of instancesIn(change.group)) this.#disconnected.add(instance);
        return;
      case 'reconnect':
        for (const instance of instancesIn(change.group)) this.#disconnected.delete(instance);
        return;
    }
  }

  fateOf(source: number, target: number, bytes: number, nowMs: number): PacketFate {
    if (this.#isCut(source, target)) return 'lost';
    const settings = this.#settingsOf(source, target);
    if (bytes + HEADER_BYTES > settings.mtu) return 'too-long';
    if (settings.loss > 0 && this.#isLost(source, target, settings)) return 'lost';
    const delayMs = this.#delayOf(source, target, settings, nowMs);
    const { duplicate, corrupt } = settings;
    if (duplicate === 0 && corrupt === 0) return delayMs;
    const isTwice = duplicate > 0 && this.#draw(SALTS.duplicate, source) < duplicate;
    const isCorrupt = corrupt > 0 && bytes > 0 && this.#draw(SALTS.corrupt, source) < corrupt;
    return {
      delayMs,
      ...(isTwice ? { copyDelayMs: this.#delayOf(source, target, settings, nowMs) } : {}),
      ...(isCorrupt ? { flippedBit: Math.floor(this.#draw(SALTS.bit, source) * bytes * 8) } : {}),
    };
  }

  /**
   * Losses in bursts after Gilbert: a link is good or bad, and loses what is sent while it is bad. It becomes good with
   * the chance 1 / burst for each packet, and bad with the chance that makes the share of losses right. Links that are
   * bad are remembered, and no other.
   */
  #isLost(source: number, target: number, { loss, burst }: LinkSettings): boolean {
    if (loss >= 1) return true;
    const chance = this.#draw(SALTS.loss, source);
    if (burst === 1) return chance < loss;
    // Fewer in a row would not be so large a share of all.
    const length = Math.max(burst, loss / (1 - loss));
    const link = linkOf(source, target);
    const isBad = this.#bursts.has(link) ? chance >= 1 / length : chance < loss / ((1 - loss) * length);
    if (isBad) this.#bursts.add(link);
    else this.#bursts.delete(link);
    return isBad;
  }

  #delayOf(source: number, target: number, settings: LinkSettings, nowMs: number): number {
    const { latency, jitter, order, reorder } = settings;
    const latencyMs =
      latency === this.#base.latency && this.#regions !== undefined
        ? this.#regions.latencyMs(source, target)
        : latency.from === latency.to
          ? latency.from
          : quantileOf(latency, this.#chance.of(SALTS.latency, Math.min(source, target), Math.max(source, target)));
    if (reorder > 0 && this.#draw(SALTS.reorder, source) < reorder) return 2 * latencyMs + jitter.from;
    if (jitter.from === jitter.to) return latencyMs + jitter.from;
    const delayMs = latencyMs + quantileOf(jitter, this.#draw(SALTS.jitter, source));
    return order === 'kept' ? this.#inOrder(linkOf(source, target), nowMs, delayMs) : delayMs;
  }

  /** Keeps a packet back until those before it have arrived. Links are remembered as long as packets are on them. */
  #inOrder(link: number, nowMs: number, delayMs: number): number {
    const arrivalMs = Math.max(nowMs + delayMs, this.#lastMs.get(link) ?? 0);
    this.#lastMs.set(link, arrivalMs);
    if (this.#lastMs.size >= this.#sweepAt) {
      for (const [each, lastMs] of this.#lastMs) if (lastMs <= nowMs) this.#lastMs.delete(each);
      this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#lastMs.size);
    }
    return arrivalMs - nowMs;
  }

  #settingsOf(source: number, target: number): LinkSettings {
    if (this.#changes.length === 0) return this.#base;
    let settings = this.#base;
    for (const { from, to, direction, change } of this.#changes) {
      const applies =
        (isIn(from, source) && isIn(to, target)) || (direction === 'both' && isIn(from, target) && isIn(to, source));
      if (applies) settings = { ...settings, ...change };
    }
    return settings;
  }

  #isCut(source: number, target: number): boolean {
    if (source === target) return false;
    if (this.#disconnected.has(source) || this.#disconnected.has(target)) return true;
    for (const { from, to } of this.#cuts) if (isIn(from, source) && isIn(to, target)) return true;
    for (const { groups } of this.#partitions) {
      const [one, other] = [
        groups.findIndex((group) => isIn(group, source)),
        groups.findIndex((group) => isIn(group, target)),
      ];
      if (one !== other && one >= 0 && other >= 0) return true;
    }
    return false;
  }

  #draw(salt: number, source: number): number {
    const count = this.#drawn.get(source) ?? 0;
    this.#drawn.set(source, count + 1);
    return this.#chance.of(salt, source, count);
  }
}

/** A directed pair in one number. */
function linkOf(source: number, target: number): number {
  return (source + ENTITIES / 2) * ENTITIES + target + ENTITIES / 2;
}

/** Whether a change for everyone sets all that an earlier one did. */
function covers(later: SetLink, earlier: SetLink): boolean {
  const isForAll = later.from === undefined && later.to === undefined;
  return isForAll && Object.keys(earlier.change).every((name) => name in later.change);
}

/** The smallest latency that any packet can have under the settings and all changes that will be made. */
export function lookaheadMsOf(base: LinkSettings, changes: readonly NetworkChange[]): number {
  const links: readonly LinkChange[] = [
    base,
    ...changes.flatMap((each) => (each.type === 'set-link' ? [each.change] : [])),
  ];
  const latencies = links.flatMap(({ latency }) => latency ?? []);
  const jitters = links.flatMap(({ jitter }) => jitter ?? []);
  return Math.min(...latencies.flatMap((latency) => jitters.map((jitter) => shortestMs({ latency, jitter }))));
}
