import { type InstanceRange, instancesIn } from '../../runtime/peers/instance-range.js';
import { didYouMean } from '../../runtime/suggestion.js';
import { Bottleneck } from './bottleneck.js';
import type { ParsedSetting } from './parsed.js';
import { parseRate, parseSize } from './rate.js';

/** How fast an instance is connected to the network. */
export interface Bandwidth {
  /** What it can send, in bits per second; `Infinity` for no limit. */
  readonly up: number;
  /** What it can receive, in bits per second. */
  readonly down: number;
  /** How many bytes wait in each direction before further packets are lost. */
  readonly queue: number;
}

export type BandwidthChange = Partial<Bandwidth>;

/** The names of the settings, as configurations (`bandwidth_up`) and scenarios (`up=`) write them. */
export const BANDWIDTH_SETTING_NAMES = ['up', 'down', 'queue'] as const satisfies readonly (keyof Bandwidth)[];

/** Reads one setting. */
export function parseBandwidthSetting(name: string, text: string): ParsedSetting<BandwidthChange> {
  const known = BANDWIDTH_SETTING_NAMES.find((each) => each === name);
  if (known === undefined) {
    const question = didYouMean(name, BANDWIDTH_SETTING_NAMES);
    const hint = `expected ${BANDWIDTH_SETTING_NAMES.join(', ')}`;
    return { ok: false, message: `bandwidths have no setting "${name}"${question}`, hint };
  }
  const value = known === 'queue' ? parseSize(text) : parseRate(text);
  if (value !== undefined) return { ok: true, change: { [known]: value } };
  const hint =
    known === 'queue' ? 'expected a size, e.g. 64kB or 1MB' : 'expected a rate, e.g. 512kbit, 8mbit, or none';
  return { ok: false, message: `${known} is "${text}"`, hint };
}

/** The two directions of an instance's connection. */
interface Connection {
  readonly up: Bottleneck;
  readonly down: Bottleneck;
}

/** The connections of the entities of one thread; trackers have no limits. */
export class Bandwidths {
  readonly #base: Bandwidth;
  readonly #own = new Map<number, Bandwidth>();
  readonly #connections = new Map<number, Connection>();

  constructor(base: Bandwidth) {
    this.#base = base;
  }

  set(change: BandwidthChange, group: readonly InstanceRange[]): void {
    for (const instance of instancesIn(group)) {
      this.#own.set(instance, { ...(this.#own.get(instance) ?? this.#base), ...change });
      const connection = this.#connections.get(instance);
      if (connection !== undefined) this.#connections.set(instance, this.#changed(instance, connection));
    }
  }

  /** See `Bottleneck.pass`: how long a packet takes to leave an entity. */
  passUp(entity: number, nowMs: number, bytes: number): number | undefined {
    return this.#pass('up', entity, nowMs, bytes);
  }

  /** How long a packet that has arrived takes to come in. */
  passDown(entity: number, nowMs: number, bytes: number): number | undefined {
    return this.#pass('down', entity, nowMs, bytes);
  }

  #pass(direction: 'up' | 'down', entity: number, nowMs: number, bytes: number): number | undefined {
    if (entity <= 0) return 0;
    const bandwidth = this.#own.get(entity) ?? this.#base;
    if (bandwidth[direction] === Infinity) return 0;
    let connection = this.#connections.get(entity);
    if (connection === undefined) {
      connection = connectionOf(bandwidth);
      this.#connections.set(entity, connection);
    }
    return connection[direction].pass(nowMs, bytes);
  }

  #changed(instance: number, { up, down }: Connection): Connection {
    const bandwidth = this.#own.get(instance) ?? this.#base;
    return { up: up.changed(bandwidth.up, bandwidth.queue), down: down.changed(bandwidth.down, bandwidth.queue) };
  }
}

function connectionOf({ up, down, queue }: Bandwidth): Connection {
  return { up: new Bottleneck(up, queue), down: new Bottleneck(down, queue) };
}
