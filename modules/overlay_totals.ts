import type { Community, Dispersy } from 'gumby';

/** The packets and bytes of one kind of message that were sent and received, under IPv8's names. */
export interface MessageTotal {
  readonly num_up: number;
  readonly num_down: number;
  readonly bytes_up: number;
  readonly bytes_down: number;
}

/** The totals by the prefix of an overlay's packets, in hex, and by the number of the message. */
export type TotalsByOverlay = Readonly<Record<string, Readonly<Record<string, MessageTotal>>>>;

const NOTHING: MessageTotal = { num_up: 0, num_down: 0, bytes_up: 0, bytes_down: 0 };

/**
 * Totals that begin when the object is made and never become less: the stack's own counters may be reset, and go with
 * their overlay, but readers of totals rely on them.
 */
export class OverlayTotals {
  readonly #dispersy: () => Dispersy;
  /** The values of each counter at the last look. */
  readonly #seen = new WeakMap<object, MessageTotal>();
  readonly #totals = new Map<string, Map<number, MessageTotal>>();

  /** @param dispersy - gives the present Dispersy: commands before the session may replace it */
  constructor(dispersy: () => Dispersy) {
    this.#dispersy = dispersy;
    this.#eachKind((_overlay, _message, counters, now) => this.#seen.set(counters, now));
  }

  /** Adds the counts since the last look; to be called also before anything resets the counters. */
  look(): void {
    for (const overlay of this.#dispersy().communities) this.#ofOverlay(prefixOf(overlay));
    this.#eachKind((overlay, message, counters, now) => {
      const before = this.#seen.get(counters) ?? NOTHING;
      this.#seen.set(counters, now);
      const ofOverlay = this.#ofOverlay(overlay);
      const total = sumOf(ofOverlay.get(message) ?? NOTHING, growthOf(before, now));
      if (total.num_up + total.num_down > 0) ofOverlay.set(message, total);
    });
  }

  toJSON(): TotalsByOverlay {
    return Object.fromEntries(Array.from(this.#totals, ([overlay, totals]) => [overlay, Object.fromEntries(totals)]));
  }

  #ofOverlay(prefix: string): Map<number, MessageTotal> {
    const known = this.#totals.get(prefix);
    if (known !== undefined) return known;
    const totals = new Map<number, MessageTotal>();
    this.#totals.set(prefix, totals);
    return totals;
  }

  #eachKind(visit: (overlay: string, message: number, counters: object, now: MessageTotal) => void): void {
    for (const overlay of this.#dispersy().communities)
      for (const { meta, counters } of overlay.messages) {
        const { sent, packetsReceived, bytesSent, bytesReceived } = counters;
        const now = { num_up: sent, num_down: packetsReceived, bytes_up: bytesSent, bytes_down: bytesReceived };
        visit(prefixOf(overlay), meta.id, counters, now);
      }
  }
}

/** The prefix of the packets that the overlay sends; packets that it receives in other versions count for the same prefix. */
function prefixOf({ conversions }: Community): string {
  return conversions[0]?.prefix.toString('hex') ?? '';
}

function growthOf(before: MessageTotal, now: MessageTotal): MessageTotal {
  const grown = (field: keyof MessageTotal) => (now[field] >= before[field] ? now[field] - before[field] : now[field]);
  return {
    num_up: grown('num_up'),
    num_down: grown('num_down'),
    bytes_up: grown('bytes_up'),
    bytes_down: grown('bytes_down'),
  };
}

function sumOf(one: MessageTotal, other: MessageTotal): MessageTotal {
  return {
    num_up: one.num_up + other.num_up,
    num_down: one.num_down + other.num_down,
    bytes_up: one.bytes_up + other.bytes_up,
    bytes_down: one.bytes_down + other.bytes_down,
  };
}
