import { toError } from '../../runtime/errors.js';
import type { PacketFate, PacketOnItsWay, PacketRule } from './packet-rule.js';

/**
 * The rules that hold for the packets of an endpoint at this moment; they may change at any time. The first rule that
 * does not let a packet pass decides about it, and the rules behind it are not asked.
 */
export class Conditions {
  /** The list is replaced and never changed, so that a rule may add or remove others. */
  #entries: readonly { readonly rule: PacketRule }[] = [];
  readonly #onFailure: (error: Error) => void;

  /** @param onFailure - is told when a rule throws, or decides something that cannot be done; the packet is dropped then */
  constructor(onFailure: (error: Error) => void) {
    this.#onFailure = onFailure;
  }

  /**
   * Adds a rule behind all others.
   * @returns a function that removes the rule; packets that the rule keeps back leave at their time
   */
  add(rule: PacketRule): () => void {
    const entry = { rule };
    this.#entries = [...this.#entries, entry];
    return () => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }

  /** Asks the rules about a packet; never throws. */
  fateOf(packet: PacketOnItsWay): PacketFate {
    try {
      for (const { rule } of this.#entries) {
        const fate = rule(packet);
        if (fate !== 'pass') return checked(fate);
      }
      return 'pass';
    } catch (error) {
      this.#onFailure(toError(error));
      return { drop: 'a rule failed' };
    }
  }
}

function checked(fate: Exclude<PacketFate, 'pass'>): PacketFate {
  if ('drop' in fate || (fate.deliverAfterMs >= 0 && Number.isFinite(fate.deliverAfterMs))) return fate;
  throw new RangeError(`a rule keeps a packet back for ${fate.deliverAfterMs} ms: give a number, 0 at least`);
}
