import type { NetworkFigures } from '../network-figures.js';
import type { CrossingPacket, PacketSender } from './crossing-packet.js';
import { Mailbox } from './mailbox.js';

/** The mailboxes of all threads, as one of them uses them. */
export class Mailboxes implements PacketSender {
  readonly #boxes: readonly Mailbox[];
  readonly #thread: number;
  readonly #figures: NetworkFigures;

  /** @param memories - of the threads' mailboxes, in the order of their numbers */
  constructor(memories: readonly SharedArrayBuffer[], thread: number, figures: NetworkFigures) {
    this.#boxes = memories.map((memory) => new Mailbox(memory));
    this.#thread = thread;
    this.#figures = figures;
  }

  send(thread: number, packet: CrossingPacket): void {
    const posting = this.#boxes[thread]?.put(packet, this.#thread) ?? 'closed';
    // An instance whose thread has ended is at no address any more.
    if (posting !== 'taken') this.#figures.count(posting === 'full' ? 'notTaken' : 'toNobody');
  }

  /** Takes what the others send to this thread, from now on. @returns a function that ends it */
  watch(onPacket: (packet: CrossingPacket) => void): () => void {
    const box = this.#boxes[this.#thread];
    box?.open();
    return box?.watch(onPacket) ?? (() => {});
  }
}
