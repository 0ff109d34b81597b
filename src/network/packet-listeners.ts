import type { Logger } from '../runtime/logger.js';
import type { Address } from './address.js';
import type { PacketListener } from './endpoint.js';
import type { EndpointCounts } from './endpoint-counts.js';

/** The listeners of an endpoint. */
export class PacketListeners {
  /** The list is replaced and never changed, so that a listener may be added or removed while a packet is delivered. */
  #entries: readonly { readonly listener: PacketListener }[] = [];
  readonly #counts: EndpointCounts;
  readonly #logger: Logger;
  #hasLogged = false;

  constructor(counts: EndpointCounts, logger: Logger) {
    this.#counts = counts;
    this.#logger = logger;
  }

  /** @returns a function that removes the listener */
  add(listener: PacketListener): () => void {
    // The same function may listen twice: an entry of its own keeps the two apart.
    const entry = { listener };
    this.#entries = [...this.#entries, entry];
    return () => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }

  /** Counts a packet that came in, and hands it to everyone. */
  deliver(source: Address, packet: Buffer): void {
    this.#counts.packetsDown++;
    this.#counts.bytesDown += packet.length;
    for (const { listener } of this.#entries)
      try {
        listener(source, packet);
      } catch (error) {
        this.#counts.listenerErrors++;
        this.#logOnce(error);
      }
  }

  /** A line for each packet would let a stranger fill the disk. */
  #logOnce(error: unknown): void {
    if (this.#hasLogged) return;
    this.#hasLogged = true;
    this.#logger.error('a listener failed on a packet (further ones are only counted)', error);
  }
}
