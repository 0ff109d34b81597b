import type { Address } from '../address.js';
import { instancesIn, type InstanceRange } from '../../runtime/peers/instance-range.js';
import { PairChance } from '../links/pair-chance.js';
import type { AddressPlan } from './address-plan.js';
import { Nat } from './nat.js';
import type { NatSettings } from './nat-settings.js';
import type { NatType } from './nat-type.js';

/** What chance is used for. */
const PORT_SALT = 1;

/** The NATs of the entities of one thread. */
export class Nats {
  readonly #addresses: AddressPlan;
  readonly #settings: NatSettings;
  readonly #chance: PairChance;
  /** The types that a scenario has set since the beginning. */
  readonly #types = new Map<number, NatType>();
  readonly #nats = new Map<number, Nat>();

  constructor(addresses: AddressPlan, settings: NatSettings, seed: string) {
    this.#addresses = addresses;
    this.#settings = settings;
    this.#chance = new PairChance(`${seed} nat`);
  }

  typeOf(entity: number): NatType {
    return this.#types.get(entity) ?? this.#addresses.siteOf(entity).type;
  }

  /** Exchanges the NATs of a group: the new ones remember nothing. */
  set(type: NatType, group: readonly InstanceRange[]): void {
    for (const instance of instancesIn(group)) {
      this.#types.set(instance, type);
      this.#nats.delete(instance);
    }
  }

  /** See `Nat.outbound`. */
  outbound(entity: number, insidePort: number, destination: Address, nowMs: number): number | undefined {
    const nat = this.#natOf(entity);
    return nat === undefined ? insidePort : nat.outbound(insidePort, destination, nowMs);
  }

  /** See `Nat.inbound`. */
  inbound(entity: number, outsidePort: number, source: Address, nowMs: number): number | undefined {
    const nat = this.#natOf(entity);
    return nat === undefined ? outsidePort : nat.inbound(outsidePort, source, nowMs);
  }

  #natOf(entity: number): Nat | undefined {
    const type = this.typeOf(entity);
    if (type === 'none') return undefined;
    let nat = this.#nats.get(entity);
    if (nat === undefined) {
      const { block } = this.#addresses.siteOf(entity);
      nat = new Nat(type, this.#settings, block, (count) => this.#chance.of(PORT_SALT, entity, count));
      this.#nats.set(entity, nat);
    }
    return nat;
  }
}
