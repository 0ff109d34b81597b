import { type Address, addressKey } from '../address.js';

/** Nobody's number: only what is set for all links holds for someone of whom nothing is known. */
export const STRANGER = 0;

/** Which instance or tracker is at which address of this machine. */
export class AddressBook {
  readonly #entities = new Map<string, number>();

  note(entity: number, address: Address): void {
    this.#entities.set(addressKey(address), entity);
  }

  /** @returns `STRANGER` for an address that no instance and no tracker is known to have */
  entityAt(address: Address): number {
    return this.#entities.get(addressKey(address)) ?? STRANGER;
  }
}
